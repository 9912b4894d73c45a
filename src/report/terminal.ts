/**
 * Guards the streams through which a command prints. Escape sequences and CI commands in data are removed; sequences of
 * the engine itself pass, because they carry a random mark that no data can contain.
 */
import { randomBytes } from 'node:crypto';
import { CONTROL_RANGE, withoutControls } from './controls.ts';
import { widthOf } from './width.ts';

const ESCAPE = '\u001b';

/** Plain ESC until streams are guarded: tests write to unguarded streams. */
let mark = ESCAPE;

/** Marks an escape sequence (a colour, a cursor move) as the engine's own, so that it passes the guard. */
export const ownSequence = (sequence: string): string =>
  mark === ESCAPE ? sequence : sequence.replaceAll('\r', `${ESCAPE}[G`).replaceAll(ESCAPE, mark);

/** Columns that a line takes, without its marked sequences. */
export const widthOfStyled = (line: string): number =>
  widthOf(
    line
      .split(mark)
      .map((part, i) => (i === 0 ? part : part.replace(/^\[[\d;]*[A-Za-z]/, '')))
      .join(''),
  );

/** Lets only text and marked sequences through these streams. */
export function guard(...streams: readonly NodeJS.WriteStream[]): void {
  mark = `\ue000${randomBytes(12).toString('hex')}\ue000`;
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (...written: unknown[]) => boolean;
    stream.write = ((chunk: unknown, ...more: unknown[]) =>
      write(typeof chunk === 'string' ? guarded(chunk) : chunk, ...more)) as typeof stream.write;
  }
}

/** Most texts contain nothing of this and need no cleaning. */
const SUSPECT = new RegExp(`[${CONTROL_RANGE}\\u2028-\\u202e\\u2066-\\u2069\\ue000]|::|##`);

function guarded(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return withoutControls(text).split('\n').map(withoutCommand).join('\n').replaceAll(mark, ESCAPE);
}

/**
 * Breaks up CI commands. GitHub reads `::name::` at the start of a line, blanks before it included; GitHub, Azure and
 * TeamCity read `##[name]`, `##vso[name]` and `##teamcity[name]` anywhere in a line.
 */
function withoutCommand(line: string): string {
  const unhashed = line.replaceAll(/##(?=\w*\[)/g, '# #');
  const [start = '', ...styles] = unhashed.split(mark);
  const visible = [start, ...styles.map((part) => part.replace(/^\[[\d;]*m/, ''))].join('');
  return visible.trimStart().startsWith('::') ? unhashed.replace('::', ': :') : unhashed;
}
