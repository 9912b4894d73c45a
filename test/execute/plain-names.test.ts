import { expect, test } from 'vitest';
import { failureInPlainNames, plainNames } from '../../src/execute/plain-names.ts';

const scratch = {
  root: '/s/tmp/1/4',
  inputs: '/s/tmp/1/4/inputs',
  outputs: '/s/tmp/1/4/outputs',
  temporary: '/s/tmp/1/4/tmp',
};
const blob = `/p/cache/blobs/ab/ab${'0'.repeat(62)}`;
const plain = plainNames(
  scratch,
  {
    facts: { path: '/p/data/facts.yaml', linkAs: 'facts.yaml', isFolder: false },
    peaks: { path: blob, linkAs: 'peaks.arrow', isFolder: false },
    absent: null,
  },
  '/p',
);

test('plainNames names the files of a user as the pipeline does, and all others by their path in the scratch folder', () => {
  expect(plain('/s/tmp/1/4/inputs/facts.yaml: no key')).toBe('data/facts.yaml: no key');
  expect(plain('read /s/tmp/1/4/inputs/peaks.arrow, wrote /s/tmp/1/4/outputs/o.csv')).toBe(
    'read inputs/peaks.arrow, wrote outputs/o.csv',
  );
  expect(plain('/p/data/other')).toBe('/p/data/other');
});

test('a failure has plain names in its message and its stack', () => {
  const failure = { reason: 'threw', message: 'x /s/tmp/1/4/tmp/a', stack: 'Error: x /s/tmp/1/4/tmp/a' } as const;
  expect(failureInPlainNames(failure, plain)).toEqual({ reason: 'threw', message: 'x tmp/a', stack: 'Error: x tmp/a' });
  expect(failureInPlainNames({ reason: 'output-missing', port: 'o' }, plain)).toEqual({
    reason: 'output-missing',
    port: 'o',
  });
});
