/** Checks the request of an embedding program, as JavaScript can pass any field with any value. */
import type { RunFailure } from './base/failure.ts';
import type { Request } from './load/request.ts';
import { nearest } from './pipeline/text/nearest.ts';
import type { GcRequest } from './upkeep/gc.ts';
import type { VerifyRequest } from './verify/verify.ts';

interface Kind {
  /** For messages: `'jobs' in the request should be NAME`. */
  readonly name: string;
  fits(value: unknown): boolean;
}

type Fields<R> = { readonly [field in keyof Required<R>]: Kind };

const kind = (name: string, fits: (value: unknown) => boolean): Kind => ({ name, fits });
const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = kind('a text', isText);
const texts = kind('a list of texts', (value) => Array.isArray(value) && value.every(isText));
const flag = kind('true or false', (value) => typeof value === 'boolean');
const whole = (least: number) =>
  kind(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
const orNull = ({ name, fits }: Kind) => kind(`${name}, or null`, (value) => value === null || fits(value));

const OVERRIDES: Fields<Request['overrides']> = { profile: text, each: text, set: texts };
const REMOTE: Fields<NonNullable<Request['remote']>> = { url: text, write: flag };

const REQUEST: Fields<Request> = {
  pipeline: text,
  targets: texts,
  skip: texts,
  overrides: kind('an object', isObject),
  jobs: whole(1),
  on: orNull(kind("'local' or 'slurm'", (value) => value === 'local' || value === 'slurm')),
  keepGoing: flag,
  force: flag,
  store: text,
  out: text,
  remote: orNull(kind('an object', isObject)),
};
const VERIFY: Fields<VerifyRequest> = { ...REQUEST, sample: orNull(whole(1)), seed: orNull(text) };
const GC: Fields<GcRequest> = { store: text, keepRuns: whole(0), maxSize: orNull(whole(0)), dryRun: flag };

export const requestProblem = (request: unknown, fields: Fields<Request> = REQUEST): RunFailure | undefined =>
  problemIn('the request', request, fields) ??
  nestedProblem(request, 'overrides', OVERRIDES) ??
  nestedProblem(request, 'remote', REMOTE);

export const verifyRequestProblem = (request: unknown): RunFailure | undefined => requestProblem(request, VERIFY);

export const gcRequestProblem = (request: unknown): RunFailure | undefined => problemIn('the request', request, GC);

function nestedProblem(request: unknown, field: 'overrides' | 'remote', fields: object): RunFailure | undefined {
  const value = (request as { readonly [name: string]: unknown })[field];
  return value === undefined || value === null ? undefined : problemIn(`${field} in the request`, value, fields);
}

function problemIn(subject: string, value: unknown, fields: object): RunFailure | undefined {
  if (!isObject(value)) return usage(`${subject} should be an object`);
  const kinds = new Map<string, Kind>(Object.entries(fields));
  for (const [field, given] of Object.entries(value)) {
    const expected = kinds.get(field);
    if (!expected) {
      const near = nearest(field, kinds.keys());
      const hint = near === undefined ? `it can have ${[...kinds.keys()].join(', ')}` : `did you mean ${near}?`;
      return usage(`${subject} has no field '${field}'`, hint);
    }
    if (given !== undefined && !expected.fits(given)) {
      return usage(`'${field}' in ${subject} should be ${expected.name}`);
    }
  }
  return undefined;
}

const usage = (message: string, hint?: string): RunFailure => ({
  reason: 'usage',
  message,
  ...(hint === undefined ? {} : { hint }),
});
