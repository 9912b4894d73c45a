import type { LogLine } from '../store/result.ts';

/** Limits of a log: a task that floods it must not fill memory or store. */
const MOST_LINES = 1000;
const MOST_CHARACTERS = 4000;

/** Collects an action's log while passing it on. Keeps the first and the last lines, and counts those between. */
export function collectLog(pass: (line: LogLine) => void): { add(line: LogLine): void; lines(): readonly LogLine[] } {
  const head: LogLine[] = [];
  let tail: LogLine[] = [];
  let dropped = 0;
  return {
    add(line) {
      const { message } = line;
      const short =
        message.length > MOST_CHARACTERS ? { ...line, message: `${message.slice(0, MOST_CHARACTERS)} ...` } : line;
      const isEarly = head.length < MOST_LINES;
      if (isEarly) head.push(short);
      else tail.push(short);
      if (tail.length >= 2 * MOST_LINES) {
        dropped += tail.length - MOST_LINES;
        tail = tail.slice(-MOST_LINES);
      }
      if (isEarly || line.level !== 'info') pass(short);
    },
    lines() {
      if (dropped === 0) return [...head, ...tail];
      return [...head, { level: 'info', message: `(${dropped} lines left out)` }, ...tail];
    },
  };
}
