/** Cuts what a program prints into lines, with bounded memory: a line may be as long as the program likes. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Longer than any line that a log keeps. */
const LONGEST = 8000;

/**
 * Calls `onLine` for each line. Of a line that is written over (`\r`, as progress bars do) only the last state is passed
 * on, and of a long one only the beginning, with the number of characters that were left out.
 */
export function eachLine(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let dropped = 0;
  let begun = false;
  /** A `\r` came last: the line begins anew, unless it ends here. */
  let isReturned = false;
  const add = (text: string) => {
    if (text === '') return;
    if (isReturned) [line, dropped, isReturned] = ['', 0, false];
    begun = true;
    const room = Math.max(0, LONGEST - line.length);
    line += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  };
  const flush = () => {
    onLine(dropped > 0 ? `${line} ... (${dropped} more characters)` : line);
    [line, dropped, begun, isReturned] = ['', 0, false, false];
  };
  const take = (text: string) => {
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) flush();
      const states = part.split('\r');
      for (const [k, state] of states.entries()) {
        add(state);
        if (k < states.length - 1) [begun, isReturned] = [true, true];
      }
    }
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (begun) flush();
    },
  };
}

/** The same for a stream; resolves when it has ended or was destroyed. */
export function linesOfStream(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = eachLine(onLine);
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => lines.write(chunk));
    // A broken pipe ends it too.
    stream.on('error', () => {});
    stream.once('close', () => {
      lines.end();
      resolve();
    });
  });
}
