/** Mistakes in what a person wrote, as text: place, message, the line itself underlined, what to do. */
import type { Diagnostic, Range, Source } from '../base/diagnostic.ts';
import { isOption, positionOf } from '../pipeline/text/position.ts';
import type { Paint } from './paint.ts';
import { widthOf } from './width.ts';

/** Columns of a source line that are shown at most. */
const WIDTH = 100;
const TAB = '    ';
/** One mistake, such as a misspelt field in a generated file, may be made thousands of times. */
const MOST = 100;

/** The first diagnostics, sorted by place, the file before options, and their count. No line break at the end. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const first = sorted(diagnostics).slice(0, MOST);
  const blocks = first.map((diagnostic) => diagnosticLines(diagnostic, paint).join('\n'));
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  const left = diagnostics.length - first.length;
  return [...blocks, paint.bold(left > 0 ? `${count}; the first ${first.length} are shown` : count)].join('\n\n');
}

function diagnosticLines({ range, message, hint, related = [] }: Diagnostic, paint: Paint): string[] {
  const around = related.flatMap((one) => [
    `  ${paint.dim(placeText(one.range))} ${shown(one.message)}`,
    ...excerpt(one.range, '      ', paint.dim),
  ]);
  return [
    `${paint.bold(placeText(range))} ${message.split('\n').map(shown).join('\n      ')}`,
    ...excerpt(range, '    ', paint.red),
    ...(hint === undefined ? [] : [`  ${paint.cyan(shown(hint))}`]),
    ...around,
  ];
}

/** `pipeline.yaml:31:7:`, which terminals and editors make a link of; an option has its name alone. */
function placeText(range: Range): string {
  if (isOption(range.source)) return `${range.source.name}:`;
  const { line, column } = positionOf(range);
  return `${range.source.name}:${line}:${column}:`;
}

/** The line of a range and its underline; a range of several lines is underlined to the end of its first. */
function excerpt({ source, start, end }: Range, indent: string, paint: (text: string) => string): string[] {
  const { lineStart, lineEnd } = positionOf({ source, start, end });
  const from = Math.min(Math.max(start, lineStart), lineEnd);
  const to = Math.min(Math.max(end, from), lineEnd);
  const [before, marked, after] = clipped(
    shown(source.text.slice(lineStart, from)),
    shown(source.text.slice(from, to)),
    shown(source.text.slice(to, lineEnd)),
  );
  const underline = '~'.repeat(Math.max(widthOf(marked), 1));
  return [
    `${indent}${before}${marked}${after}`.trimEnd(),
    `${indent}${' '.repeat(widthOf(before))}${paint(underline)}`,
  ];
}

/** Cuts a long line to what stands around the marked part. */
function clipped(before: string, marked: string, after: string): readonly [string, string, string] {
  // A column is kept for the `…` of a side that does not fit at all.
  const sides = (before === '' ? 0 : 1) + (after === '' ? 0 : 1);
  const middle = fromStart(marked, WIDTH - sides);
  const room = WIDTH - widthOf(middle);
  const right = middle === marked ? fromStart(after, Math.max(room - widthOf(before), Math.ceil(room / 2))) : '';
  return [fromEnd(before, room - widthOf(right)), middle, right];
}

/** The first characters that fit, with `…` for the others. */
function fromStart(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${take([...text], width - 1).join('')}…`;
}

function fromEnd(text: string, width: number): string {
  return widthOf(text) <= width
    ? text
    : `…${take([...text].reverse(), width - 1)
        .reverse()
        .join('')}`;
}

function take(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += widthOf(character);
    return used > width;
  });
  return characters.slice(0, end === -1 ? undefined : end);
}

/** Tabs as spaces; what would steer the terminal or turn the reading direction as a visible sign. */
const shown = (text: string): string =>
  text.replaceAll('\t', TAB).replace(/\p{Cc}|\p{Cs}|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sources = new Map<Source, number>();
  for (const { range } of diagnostics) if (!sources.has(range.source)) sources.set(range.source, sources.size);
  const rank = ({ source }: Range): number => (isOption(source) ? diagnostics.length : 0) + (sources.get(source) ?? 0);
  return [...diagnostics].sort((a, b) => rank(a.range) - rank(b.range) || a.range.start - b.range.start);
}
