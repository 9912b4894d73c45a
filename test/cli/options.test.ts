import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { requestForStore, requestFrom, wholeNumber } from '../../src/cli/options.ts';

test.each(['my.yaml', 'my.yml'])('requestFrom takes %s as the pipeline and the other words as targets', (name) => {
  const { pipeline, targets } = requestFrom([name, 'detect', 'judge@a'], {});
  expect(pipeline).toBe(`${process.cwd()}/${name}`);
  expect(targets).toEqual(['detect', 'judge@a']);
});

test('requestFrom takes all words as targets of pipeline.yaml if the first is not a YAML file', () => {
  const { pipeline, targets } = requestFrom(['detect', 'my.yaml'], {});
  expect(pipeline).toBe(`${process.cwd()}/pipeline.yaml`);
  expect(targets).toEqual(['detect', 'my.yaml']);
});

test('requestFrom puts --profile, --each and --set into overrides, and leaves out missing options', () => {
  expect(requestFrom([], {}).overrides).toEqual({});
  const options = { profile: 'fast', each: 'recording=a', set: ['detect.limit=9'] };
  expect(requestFrom([], options).overrides).toEqual(options);
});

test('requestFrom takes all --skip as a list, which is empty without', () => {
  expect(requestFrom([], { skip: ['detect', '*@a'] }).skip).toEqual(['detect', '*@a']);
  expect(requestFrom([], {}).skip).toEqual([]);
});

test('requestFrom sends results only with --remote-write', () => {
  expect(requestFrom([], { remote: 'grpc://cache' }).remote).toEqual({ url: 'grpc://cache', write: false });
  const writing = requestFrom([], { remote: 'grpc://cache', remoteWrite: true });
  expect(writing.remote).toEqual({ url: 'grpc://cache', write: true });
});

test('requestForStore accepts a pipeline of any name, and prefers --store to the store beside it', () => {
  expect(requestForStore('a/pipeline', {}).store).toBe(`${process.cwd()}/a/cache`);
  expect(requestForStore('a/pipeline', { store: 'b' }).store).toBe(`${process.cwd()}/b`);
});

test('wholeNumber refuses texts that are not whole numbers of 1 or more', () => {
  expect(wholeNumber('12')).toBe(12);
  for (const text of ['0', '-1', '1.5', 'x', '']) expect(() => wholeNumber(text)).toThrow(InvalidArgumentError);
});
