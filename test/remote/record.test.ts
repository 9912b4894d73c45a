import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, digestOfPairs } from '../../src/cache/digest.ts';
import type { Signature } from '../../src/cache/signature.ts';
import type { StoredOutput } from '../../src/cache/stored-result.ts';
import { readRecordText, recordText } from '../../src/remote/record.ts';
import { ASKED_EACH } from './shared.ts';

const signature = '1:2:3' as Signature;
const contentOf = (text: string) => ({ digest: digestOf(text), size: text.length, signature });
const fileOf = (text: string, extension: string, siblings: StoredOutput['siblings'] = []): StoredOutput => {
  return { kind: 'file', extension, digest: digestOf(text), files: [{ path: '', ...contentOf(text) }], siblings };
};
const PARTS = [
  { path: 'a.txt', ...contentOf('one') },
  { path: 'deep/b.txt', ...contentOf('two') },
];

const TEXT = recordText({
  ...ASKED_EACH,
  outputs: {
    trace: fileOf('trace', '.raw'),
    peaks: fileOf('peaks', '.arrow', [
      { extension: '.csv', digest: digestOf('at'), file: { path: '', ...contentOf('at') } },
    ]),
    parts: { kind: 'folder', extension: '', digest: digestOfPairs(PARTS), files: PARTS, siblings: [] },
    triggers: null,
  },
  headline: { port: 'peaks', column: 'at', columns: ['at'], rows: [['1']] },
  log: [
    { level: 'notice', message: 'slow' },
    { level: 'warning', message: 'few peaks' },
  ],
  action: 'detect@a',
  started: '2026-01-01T00:00:00.000Z',
  milliseconds: 1200,
});
const read = (record: unknown) => readRecordText(JSON.stringify(record), ASKED_EACH);

/** A record as an enemy would write it: sound but for one thing. */
// biome-ignore lint/suspicious/noExplicitAny: anything may be in it
function forged(change: (record: any) => void): ReturnType<typeof read> {
  const record = JSON.parse(TEXT);
  change(record);
  return read(record);
}

const folderOf = (...paths: string[]) => {
  const files = paths.map((path) => ({ path, digest: digestOf(path), size: 1 }));
  return { kind: 'folder', digest: digestOfPairs(files), extension: '', files, siblings: [] };
};

test('holds no signature, which is of one store, and no preimage, which the asker has', () => {
  expect(TEXT).not.toMatch(/signature|preimage/);
  const sound = readRecordText(TEXT, ASKED_EACH);
  expect(sound).toMatchObject({ ok: true, value: { key: ASKED_EACH.key, action: 'detect@a', milliseconds: 1200 } });
  expect(forged((record) => Object.assign(record, { more: 1, preimage: {}, outputs: { ...record.outputs } }))).toEqual(
    sound,
  );
});

test('a folder may hold any names that stay inside it', () => {
  const names = ['a/b', '...', 'a b', 'é\u0001', '-rf', '..x', 'a\\b'];
  expect(forged(({ outputs }) => Object.assign(outputs, { parts: folderOf(...names) }))).toMatchObject({ ok: true });
});

// biome-ignore lint/suspicious/noExplicitAny: anything may be in it
const FORGED: readonly (readonly [string, (record: any) => void, string])[] = [
  ['another key', (r) => Object.assign(r, { key: digestOf('') }), 'it is of another key'],
  ['another format', (r) => Object.assign(r, { format: 2 }), 'its format is not 1'],
  ['an output more', ({ outputs }) => Object.assign(outputs, { more: null }), 'its outputs are not those'],
  ['an output less', ({ outputs }) => delete outputs.trace, 'its outputs are not those'],
  ['no required output', ({ outputs }) => Object.assign(outputs, { trace: null }), 'trace is no object'],
  [
    'another extension',
    ({ outputs }) => Object.assign(outputs.trace, { extension: '.exe' }),
    "trace is not a file '.raw'",
  ],
  ['another kind', ({ outputs }) => Object.assign(outputs, { trace: folderOf('a') }), "trace is not a file '.raw'"],
  [
    'a digest that is a path',
    ({ outputs }) => Object.assign(outputs.trace, { digest: `../${'a'.repeat(61)}` }),
    'trace has no digest',
  ],
  [
    'content of another digest',
    ({ outputs }) => Object.assign(outputs.trace.files[0], { digest: digestOf('x') }),
    'trace is not one file',
  ],
  [
    'a file with a path',
    ({ outputs }) => Object.assign(outputs.trace.files[0], { path: '../x' }),
    'trace is not one file',
  ],
  ['a size below 0', ({ outputs }) => Object.assign(outputs.trace.files[0], { size: -1 }), 'trace is no count'],
  [
    'a sibling of its own',
    ({ outputs }) => outputs.trace.siblings.push(...outputs.peaks.siblings),
    'beside trace stands',
  ],
  [
    'a sibling elsewhere',
    ({ outputs }) => Object.assign(outputs.peaks.siblings[0], { extension: '/../../x' }),
    'beside peaks stands',
  ],
  [
    'files that are not the folder',
    ({ outputs }) => outputs.parts.files.pop(),
    'the files of parts do not have its digest',
  ],
  [
    'a path out of the folder',
    ({ outputs }) => Object.assign(outputs, { parts: folderOf('../x') }),
    'a file that is not inside it',
  ],
  [
    'an absolute path',
    ({ outputs }) => Object.assign(outputs, { parts: folderOf('/etc/x') }),
    'a file that is not inside it',
  ],
  [
    'a path with NUL',
    ({ outputs }) => Object.assign(outputs, { parts: folderOf('a\0') }),
    'a file that is not inside it',
  ],
  [
    'an empty name',
    ({ outputs }) => Object.assign(outputs, { parts: folderOf('a//b') }),
    'a file that is not inside it',
  ],
  ['a file twice', ({ outputs }) => Object.assign(outputs, { parts: folderOf('a', 'a') }), 'parts has a file twice'],
  [
    'a headline of another column',
    ({ headline }) => Object.assign(headline, { column: 'x' }),
    'its headline is not the one',
  ],
  [
    'a headline of another port',
    ({ headline }) => Object.assign(headline, { port: '__proto__' }),
    'its headline is not the one',
  ],
  [
    'a column that is not declared',
    ({ headline }) => Object.assign(headline, { columns: ['\u001b[2J'] }),
    'a column that is not declared',
  ],
  ['a row too short', ({ headline }) => headline.rows.push([]), 'a row of its headline has other columns'],
  [
    'a log line of a level of its own',
    ({ log }) => Object.assign(log[0], { level: 'x' }),
    'a line of its log has no level',
  ],
  ['a time that is none', (r) => Object.assign(r, { started: 'yesterday' }), 'started is no time'],
];

test.each(FORGED)('%s is refused', (_, change, error) => {
  expect(forged(change)).toEqual({ ok: false, error: expect.stringContaining(error) });
});

test('any text, and any value in the place of another, is read or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readRecordText(text, ASKED_EACH).ok).toBe(false);
    }),
  );
  const places = placesIn(JSON.parse(TEXT));
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
      const result = forged((record) => {
        const holder = place.slice(0, -1).reduce((at, name) => at[name], record);
        holder[place.at(-1) ?? ''] = value;
      });
      if (!result.ok) return;
      // What names content was not among what could be replaced.
      const kept = JSON.parse(TEXT);
      expect(Object.entries(result.value.outputs).map(([port, output]) => [port, output?.digest])).toEqual(
        Object.keys(ASKED_EACH.preimage.outputs).map((port) => [port, kept.outputs[port]?.digest]),
      );
    }),
  );
});

/** The way to each value within. */
const placesIn = (value: unknown): string[][] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, within]) => [[name], ...placesIn(within).map((rest) => [name, ...rest])]);
