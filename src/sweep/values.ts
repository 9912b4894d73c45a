/** Reads a `--set` of a sweep: `step.param=` and a range `6..10:0.5`, a list `6, 8, 10`, or a single value. Pure. */

import type { Diagnostic, Source } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { readYaml } from '../pipeline/text/document.ts';
import { rangeIn, toJson } from '../pipeline/text/node.ts';

/** A swept parameter and its values. */
export interface Axis {
  /** `step.param`. */
  readonly parameter: string;
  readonly values: readonly Json[];
}

/** Maximum for each parameter, and for all combinations. */
export const MAX_VALUES = 1000;

const NUMBER = '[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?';
const RANGE = new RegExp(`^\\s*(${NUMBER})\\.\\.(${NUMBER})(?::(${NUMBER}))?\\s*$`);
const LOOKS_LIKE_RANGE = /^\s*[-+]?\d[\d.]*\s*\.\./;

/** Reads the values of each parameter in the given order. Lists of numbers are sorted. */
export function readAxes(set: readonly string[]): Result<readonly Axis[], readonly Diagnostic[]> {
  const axes: Axis[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const text of set) {
    const read = readAxis({ name: '--set', text }, axes);
    if (read.ok) axes.push(read.value);
    else diagnostics.push(...read.error);
  }
  return diagnostics.length > 0 ? err(diagnostics) : ok(axes);
}

/** Every combination of values, the last parameter changing fastest. */
export const gridOf = (axes: readonly Axis[]): readonly (readonly Json[])[] =>
  axes.reduce<readonly (readonly Json[])[]>(
    (grid, { values }) => grid.flatMap((point) => values.map((value) => [...point, value])),
    [[]],
  );

/** A `--set` for a single run. Writes the value as JSON, which is valid YAML. */
export const settingText = (parameter: string, value: Json): string => `${parameter}=${JSON.stringify(value)}`;

function readAxis(source: Source, before: readonly Axis[]): Result<Axis, readonly Diagnostic[]> {
  const { text } = source;
  const equals = text.indexOf('=');
  const wrong = (message: string, hint: string, from = equals + 1, to = text.length) =>
    err([{ range: rangeIn(source, from, to), message, hint }]);
  if (equals < 1) {
    return wrong('this must be step.parameter=values', 'for example --set detect.mad_multiplier=6..10:0.5', 0);
  }
  const parameter = text.slice(0, equals).trim();
  if (before.some((axis) => axis.parameter === parameter)) {
    return wrong(`'${parameter}' is swept twice`, `write all its values at once: ${parameter}=6, 8, 10`, 0, equals);
  }
  const written = text.slice(equals + 1);
  const range = RANGE.exec(written);
  if (range) {
    const values = rangeValues(range[1] ?? '', range[2] ?? '', range[3] ?? '1');
    return 'problem' in values ? wrong(values.problem, values.hint) : ok({ parameter, values: values.values });
  }
  if (LOOKS_LIKE_RANGE.test(written)) {
    return wrong('this is not a range of numbers', 'write from..to:step, for example 6..10:0.5');
  }
  const read = readList(source, equals, written);
  if (!read.ok) return read;
  if (read.value.length === 0) return wrong(`no value is given for '${parameter}'`, 'write 6..10:0.5, or 6, 8, 10');
  if (read.value.length > MAX_VALUES) return wrong(tooMany(read.value.length), 'leave some out');
  return ok({ parameter, values: distinct(read.value) });
}

const tooMany = (count: number): string => `these are ${count} values, more than ${MAX_VALUES}`;

/**
 * The values of a range, its end included. Counts in whole units of the last decimal, so that 6.3 is not 6 + 3 * 0.1,
 * which is 6.300000000000001.
 */
function rangeValues(
  from: string,
  to: string,
  by: string,
): { readonly values: readonly number[] } | { readonly problem: string; readonly hint: string } {
  const scale = Number(`1e${Math.max(0, ...[from, to, by].map(decimalsOf))}`);
  const [start, end, step] = [from, to, by].map((text) => Math.round(Number(text) * scale)) as [number, number, number];
  if (![scale, start, end, step].every(Number.isSafeInteger)) {
    return { problem: 'these numbers have too many digits', hint: 'up to 15 are counted exactly' };
  }
  if (step === 0) return { problem: 'a step of 0 leads nowhere', hint: 'for example 6..10:0.5' };
  if ((end - start) * step < 0) {
    return { problem: `steps of ${by} never lead from ${from} to ${to}`, hint: 'the step has the wrong sign' };
  }
  const count = Math.floor((end - start) / step) + 1;
  if (count > MAX_VALUES) return { problem: tooMany(count), hint: 'take a larger step' };
  return { values: Array.from({ length: count }, (_, i) => (start + i * step) / scale) };
}

/** Digits after the decimal point: 2 for 0.25 and for 25e-2. */
function decimalsOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  return (mantissa.split('.')[1] ?? '').length - Number(exponent);
}

/** Reads a YAML value; `6, 8, 10` without brackets is a list too. */
function readList(source: Source, equals: number, written: string): Result<readonly Json[], readonly Diagnostic[]> {
  const bare = /^\s*[^\s[{"']/.test(written) && written.includes(',');
  const text = bare ? `${source.text.slice(0, equals)}=[${written.trim()}]` : source.text;
  const { node, diagnostics } = readYaml({ ...source, text }, equals + 1);
  if (diagnostics.length > 0) return err(diagnostics);
  if (node === null) return ok([]);
  const value = toJson(node);
  return ok(node.kind === 'list' && Array.isArray(value) ? value : [value]);
}

/** Removes duplicates, and sorts if all values are numbers. */
function distinct(values: readonly Json[]): readonly Json[] {
  const once = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  return once.every((value) => typeof value === 'number') ? once.sort((a, b) => a - b) : once;
}
