/** Reads values of a record from elsewhere. Throws `Unexpected` for a value of another type or out of bounds. */
import type { Digest } from '../files/digest.ts';

export class Unexpected extends Error {}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Unexpected(otherwise);
}

export function readDigest(value: unknown, name: string): Digest {
  expect(typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), `${name} has no digest`);
  return value as Digest;
}

export function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), `${name} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

export function list(value: unknown, name: string, most = Number.POSITIVE_INFINITY): readonly unknown[] {
  expect(Array.isArray(value), `${name} is not a list`);
  expect(value.length <= most, `${name} holds more than ${most}`);
  return value;
}

/** Text that names something. Refuses lone surrogates, which no file can hold unchanged. */
export function text(value: unknown, name: string): string {
  expect(typeof value === 'string', `${name} is not a text`);
  expect(unicode(value).isWellFormed(), `a text in ${name} is not Unicode`);
  return value;
}

/** Text that is only shown. Replaces lone surrogates: halves of a character that was cut in two. */
export function shownText(value: unknown, name: string): string {
  expect(typeof value === 'string', `${name} is not a text`);
  return unicode(value).toWellFormed();
}

/** A whole number from 0 up to `most`. */
export function count(value: unknown, name: string, most = Number.MAX_SAFE_INTEGER): number {
  expect(typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most, `${name} is not a count`);
  return value;
}

/** Milliseconds, which may have a fraction. */
export function duration(value: unknown, name: string): number {
  expect(typeof value === 'number' && value >= 0 && value <= MOST_MILLISECONDS, `${name} is not a duration`);
  return value;
}

/** Ten years. */
const MOST_MILLISECONDS = 10 * 366 * 86_400_000;

/** A time that exists, in this century. */
export function time(value: unknown, name: string): string {
  const isTime = typeof value === 'string' && /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
  expect(isTime && !Number.isNaN(Date.parse(value)), `${name} is not a time`);
  return value;
}

/** Node 20 has these methods, which the library of TypeScript's target lacks. */
const unicode = (value: string) =>
  value as string & { readonly isWellFormed: () => boolean; readonly toWellFormed: () => string };
