/** Reads values of a record from elsewhere: each is what it should be and within bounds, or `Unexpected` is thrown. */
import type { Digest } from '../files/digest.ts';

export class Unexpected extends Error {}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Unexpected(otherwise);
}

export function readDigest(value: unknown, what: string): Digest {
  expect(typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), `${what} has no digest`);
  return value as Digest;
}

export function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

/** At most so many. */
export function list(value: unknown, what: string, most = Number.POSITIVE_INFINITY): readonly unknown[] {
  expect(Array.isArray(value), `${what} is no list`);
  expect(value.length <= most, `${what} holds more than ${most}`);
  return value;
}

/** Text that names something: without lone surrogates, which no file can hold as they are. */
export function text(value: unknown, what: string): string {
  expect(typeof value === 'string', `${what} is no text`);
  expect(unicode(value).isWellFormed(), `a text in ${what} is not Unicode`);
  return value;
}

/** Text that is only shown: a lone surrogate, half of a character that was cut in two, is replaced. */
export function shownText(value: unknown, what: string): string {
  expect(typeof value === 'string', `${what} is no text`);
  return unicode(value).toWellFormed();
}

/** A whole number from 0 up to `most`. */
export function count(value: unknown, what: string, most = Number.MAX_SAFE_INTEGER): number {
  expect(typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most, `${what} is no count`);
  return value;
}

/** A duration: milliseconds may have a fraction. */
export function duration(value: unknown, what: string): number {
  expect(typeof value === 'number' && value >= 0 && value <= MOST_MILLISECONDS, `${what} is no duration`);
  return value;
}

/** Ten years. */
const MOST_MILLISECONDS = 10 * 366 * 86_400_000;

/** A time that exists, in this century. */
export function time(value: unknown, what: string): string {
  const isTime = typeof value === 'string' && /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
  expect(isTime && !Number.isNaN(Date.parse(value)), `${what} is no time`);
  return value;
}

/** Node 20 has these methods; the library of TypeScript's target does not know them yet. */
const unicode = (value: string) =>
  value as string & { readonly isWellFormed: () => boolean; readonly toWellFormed: () => string };
