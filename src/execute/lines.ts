/** Cuts the output of a program into lines. Memory stays bounded, however long a line is. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** In characters; longer than any line that a log keeps. */
const LONGEST = 8000;

/**
 * Calls `onLine` for each line. Passes on only the last state of a line that is written over (`\r`, as progress bars do),
 * and only the beginning of a long line, with the number of characters that were left out.
 */
export function eachLine(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let dropped = 0;
  let begun = false;
  /** The last character was `\r`: unless the line ends here, it is written over. */
  let isReturned = false;
  const add = (text: string) => {
    if (text === '') return;
    if (isReturned) [line, dropped, isReturned] = ['', 0, false];
    begun = true;
    const free = Math.max(0, LONGEST - line.length);
    line += text.slice(0, free);
    dropped += Math.max(0, text.length - free);
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

/** Calls `onLine` for each line of a stream; resolves when the stream has ended or was destroyed. */
export function linesOfStream(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = eachLine(onLine);
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => lines.write(chunk));
    // An error, such as a broken pipe, is followed by `close`.
    stream.on('error', () => {});
    stream.once('close', () => {
      lines.end();
      resolve();
    });
  });
}
