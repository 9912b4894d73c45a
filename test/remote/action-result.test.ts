import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Digest } from '../../src/files/digest.ts';
import { encodeActionResult, stdoutOf } from '../../src/remote/action-result.ts';
import { bytesField, numberField } from '../../src/remote/protobuf.ts';
import { bytesFieldsOf, filesOf } from './cache-server.ts';

/** Written by Google's protobuf for Python, 7.36, from the fields in remote_execution.proto. */
const ENCODED =
  '12570a0b7065616b732e6172726f7712480a40616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261' +
  '626162616261626162616261626162616261621080bcc1960b12540a0e6e6f6973652fc3a92f782e74787412420a406364636463646364636463646364636463' +
  '64636463646364636463646364636463646364636463646364636463646364636463646364636463646364636463642a0a7b2261223a22c3a9227d';
/** The same message with 200 bytes of stderr_raw and an execution_metadata, which servers add. */
const WITH_MORE = `${ENCODED}3ac801${'78'.repeat(200)}4a0f0a0d31302e302e302e313a32303030`;

const stdoutText = (message: Uint8Array) => {
  const stdout = stdoutOf(message);
  return stdout && Buffer.from(stdout).toString();
};

const digest = (two: string) => two.repeat(32) as Digest;

test('an encoded result equals that of another implementation of protobuf', () => {
  const files = [
    { path: 'peaks.arrow', digest: digest('ab'), size: 3_000_000_000 },
    { path: 'noise/é/x.txt', digest: digest('cd'), size: 0 },
  ];
  expect(Buffer.from(encodeActionResult(files, '{"a":"é"}')).toString('hex')).toBe(ENCODED);
});

test('stdout is found among the fields that servers add', () => {
  expect(stdoutText(Buffer.from(WITH_MORE, 'hex'))).toBe('{"a":"é"}');
});

test('any encoded result can be read', () => {
  const file = fc.record({
    path: fc.string({ minLength: 1, maxLength: 20 }),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((text) => text as Digest),
    size: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 5 }), fc.string({ unit: 'grapheme', maxLength: 200 }), (files, stdout) => {
      const encoded = encodeActionResult(files, stdout);
      expect(stdoutText(encoded)).toBe(stdout);
      expect(filesOf(encoded)).toEqual(files.map(({ path, digest: hash }) => ({ path, hash })));
    }),
  );
});

test('fields of numbers and of fixed width are skipped', () => {
  const fixed = Buffer.from(
    [(20 << 3) | 1, ...new Array(8).fill(7)].flatMap((byte) => (byte > 127 ? [(byte % 128) | 128, 1] : [byte])),
  );
  const message = Buffer.concat([
    numberField(4, 2 ** 53 - 1),
    fixed,
    Buffer.from([0x1d, 1, 2, 3, 4]),
    bytesField(5, 'x'),
  ]);
  expect(stdoutText(message)).toBe('x');
});

test('any bytes are read without harm, and a truncated message has no stdout', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(stdoutOf(bytes)?.length ?? 0).toBeLessThan(Math.max(1, bytes.length));
    }),
  );
  const whole = Buffer.from(WITH_MORE, 'hex');
  const cut = whole.subarray(0, whole.length - 1);
  expect(bytesFieldsOf(whole)).toHaveLength(5);
  expect(bytesFieldsOf(cut)).toBeUndefined();
});

test('a message of millions of empty fields is refused and keeps no memory', () => {
  const empty = Buffer.alloc(60e6);
  for (let at = 0; at < empty.length; at += 2) empty[at] = 0x0a;
  const before = process.memoryUsage().heapUsed;
  expect(stdoutOf(empty)).toBeUndefined();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
});
