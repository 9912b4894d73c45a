/** Mistakes in a pipeline or an option as text: position, message, the underlined line, a hint. */
import type { Diagnostic, Range, Source } from '../base/diagnostic.ts';
import { isOption, positionOf } from '../pipeline/text/position.ts';
import { CONTROL } from './controls.ts';
import type { Paint } from './paint.ts';
import { widthOf } from './width.ts';

/** Maximum columns of a source line that are shown. */
const WIDTH = 100;
const TAB = '    ';
/** A generated file may repeat a mistake, such as a misspelt field, thousands of times. */
const MAX_SHOWN = 100;

/** The first diagnostics, sorted by position with files before options, and their count. No line break at the end. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const first = sorted(diagnostics).slice(0, MAX_SHOWN);
  const blocks = first.map((diagnostic) => diagnosticLines(diagnostic, paint).join('\n'));
  const count = diagnostics.length === 1 ? '1 mistake' : `${diagnostics.length} mistakes`;
  const left = diagnostics.length - first.length;
  return [...blocks, paint.bold(left > 0 ? `${count}; the first ${first.length} are shown` : count)].join('\n\n');
}

function diagnosticLines({ range, message, hint, related = [] }: Diagnostic, paint: Paint): string[] {
  const relatedLines = related.flatMap((other) => [
    `  ${paint.dim(positionText(other.range))} ${visible(other.message)}`,
    ...excerpt(other.range, '      ', paint.dim),
  ]);
  return [
    `${paint.bold(positionText(range))} ${message.split('\n').map(visible).join('\n      ')}`,
    ...excerpt(range, '    ', paint.red),
    ...(hint === undefined ? [] : [`  ${paint.cyan(visible(hint))}`]),
    ...relatedLines,
  ];
}

/** `pipeline.yaml:31:7:`, which terminals and editors turn into a link; an option has only its name. */
function positionText(range: Range): string {
  if (isOption(range.source)) return `${range.source.name}:`;
  const { line, column } = positionOf(range);
  return `${range.source.name}:${line}:${column}:`;
}

/** The line of a range and its underline; a range of several lines is underlined to the end of its first line. */
function excerpt({ source, start, end }: Range, indent: string, paint: (text: string) => string): string[] {
  const { lineStart, lineEnd } = positionOf({ source, start, end });
  const from = Math.min(Math.max(start, lineStart), lineEnd);
  const to = Math.min(Math.max(end, from), lineEnd);
  const [before, marked, after] = clipped(
    visible(source.text.slice(lineStart, from)),
    visible(source.text.slice(from, to)),
    visible(source.text.slice(to, lineEnd)),
  );
  const underline = '~'.repeat(Math.max(widthOf(marked), 1));
  return [
    `${indent}${before}${marked}${after}`.trimEnd(),
    `${indent}${' '.repeat(widthOf(before))}${paint(underline)}`,
  ];
}

/** Cuts a long line to the neighbourhood of the marked part. */
function clipped(before: string, marked: string, after: string): readonly [string, string, string] {
  // Reserves a column for the `…` of a side that does not fit at all.
  const sides = (before === '' ? 0 : 1) + (after === '' ? 0 : 1);
  const middle = fromStart(marked, WIDTH - sides);
  const room = WIDTH - widthOf(middle);
  const right = middle === marked ? fromStart(after, Math.max(room - widthOf(before), Math.ceil(room / 2))) : '';
  return [fromEnd(before, room - widthOf(right)), middle, right];
}

/** The first characters that fit; `…` replaces the others. */
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

/** Expands tabs, and replaces characters that would steer the terminal or change the reading direction. */
const visible = (text: string): string =>
  text
    .replaceAll('\t', TAB)
    .replace(CONTROL, '\uFFFD')
    .replace(/\n|\p{Cs}/gu, '\uFFFD');

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sources = new Map<Source, number>();
  for (const { range } of diagnostics) if (!sources.has(range.source)) sources.set(range.source, sources.size);
  const rank = ({ source }: Range): number => (isOption(source) ? diagnostics.length : 0) + (sources.get(source) ?? 0);
  return [...diagnostics].sort((a, b) => rank(a.range) - rank(b.range) || a.range.start - b.range.start);
}
