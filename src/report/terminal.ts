/**
 * The edge at which everything that a command says leaves the process. What steers a terminal or is a command to a CI
 * log passes only if it is the engine's own: its sequences carry a mark that no data can know.
 */
import { randomBytes } from 'node:crypto';
import { withoutControls } from './controls.ts';
import { widthOf } from './width.ts';

const ESCAPE = '\u001b';

/** Until streams are guarded: tests write to streams of their own. */
let mark = ESCAPE;

/** A sequence of the engine's own: a colour, a move of the cursor. */
export const own = (sequence: string): string =>
  mark === ESCAPE ? sequence : sequence.replaceAll('\r', `${ESCAPE}[G`).replaceAll(ESCAPE, mark);

/** Columns that a line takes, without its own sequences. */
export const widthOfStyled = (line: string): number =>
  widthOf(
    line
      .split(mark)
      .map((part, i) => (i === 0 ? part : part.replace(/^\[[\d;]*[A-Za-z]/, '')))
      .join(''),
  );

/** Lets through these streams only text and the engine's own sequences. */
export function guard(...streams: readonly NodeJS.WriteStream[]): void {
  mark = `\ue000${randomBytes(12).toString('hex')}\ue000`;
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (...written: unknown[]) => boolean;
    stream.write = ((chunk: unknown, ...more: unknown[]) =>
      write(typeof chunk === 'string' ? guarded(chunk) : chunk, ...more)) as typeof stream.write;
  }
}

/** The characters that may need work; most texts have none of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const SUSPECT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ue000]|::|##/;

function guarded(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return withoutControls(text).split('\n').map(withoutCommand).join('\n').replaceAll(mark, ESCAPE);
}

/**
 * GitHub takes `::name::` at the start of a line, after blanks, for a command; GitHub, Azure and TeamCity take
 * `##[name]`, `##vso[name]` and `##teamcity[name]` anywhere in one.
 */
function withoutCommand(line: string): string {
  const plain = line.replaceAll(/##(?=\w*\[)/g, '# #');
  const [start = '', ...styles] = plain.split(mark);
  const shown = [start, ...styles.map((part) => part.replace(/^\[[\d;]*m/, ''))].join('');
  return shown.trimStart().startsWith('::') ? plain.replace('::', ': :') : plain;
}
