import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { collectLog } from '../../src/execute/action-log.ts';
import { digestOf } from '../../src/files/digest.ts';
import type { Signature } from '../../src/files/signature.ts';
import { readRecord, recordText } from '../../src/remote/result-text.ts';
import type { StoredOutput } from '../../src/store/result.ts';
import { digestOfTree } from '../../src/store/tree.ts';
import { WANTED_EACH } from './shared.ts';

const signature = '1:2:3' as Signature;
const contentOf = (text: string) => ({ digest: digestOf(text), size: text.length, signature });
const fileOf = (text: string, extension: string, siblings: StoredOutput['siblings'] = []): StoredOutput => {
  return { kind: 'file', extension, digest: digestOf(text), files: [{ path: '', ...contentOf(text) }], siblings };
};
const PARTS = [
  { path: 'a.txt', ...contentOf('one') },
  { path: 'deep/b.txt', ...contentOf('two') },
  { path: 'run.sh', executable: true as const, ...contentOf('three') },
];
const TREE = { files: PARTS, emptyFolders: ['deep/logs'] };

const TEXT = recordText({
  ...WANTED_EACH,
  outputs: {
    trace: fileOf('trace', '.raw'),
    peaks: fileOf('peaks', '.arrow', [
      { extension: '.csv', digest: digestOf('at'), file: { path: '', ...contentOf('at') } },
    ]),
    parts: { kind: 'folder', extension: '', digest: digestOfTree(TREE), ...TREE, siblings: [] },
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
const readText = (text: string) => readRecord(Buffer.from(text), WANTED_EACH);
const read = (record: unknown) => readText(JSON.stringify(record));

/** A record that an enemy changed in a single place. */
// biome-ignore lint/suspicious/noExplicitAny: anything may be in it
function forged(change: (record: any) => void): ReturnType<typeof read> {
  const record = JSON.parse(TEXT);
  change(record);
  return read(record);
}

const folderOf = (...paths: string[]) => {
  const files = paths.map((path) => ({ path, digest: digestOf(path), size: 1 }));
  return { kind: 'folder', digest: digestOfTree({ files, emptyFolders: [] }), extension: '', files, siblings: [] };
};

test('a record has no signature, which concerns a single store, and no preimage, which the reader has', () => {
  expect(TEXT).not.toMatch(/signature|preimage/);
  const sound = readText(TEXT);
  expect(sound).toMatchObject({ ok: true, value: { key: WANTED_EACH.key, action: 'detect@a', milliseconds: 1200 } });
  expect(forged((record) => Object.assign(record, { more: 1, preimage: {}, outputs: { ...record.outputs } }))).toEqual(
    sound,
  );
});

test('a folder may hold any names that stay inside it', () => {
  const names = ['a/b', '...', 'a b', 'é\u{1f600}', '-rf', '..x', 'a\\b', `${'x'.repeat(255)}/y`, 'A', 'a/c'];
  expect(forged(({ outputs }) => Object.assign(outputs, { parts: folderOf(...names) }))).toMatchObject({ ok: true });
});

// biome-ignore lint/suspicious/noExplicitAny: anything may be in it
const FORGED: readonly (readonly [string, (record: any) => void, string])[] = [
  ['another key', (r) => Object.assign(r, { key: digestOf('') }), 'it is of another key'],
  ['another format', (r) => Object.assign(r, { format: 2 }), 'its format is not 1'],
  ['an output more', ({ outputs }) => Object.assign(outputs, { more: null }), 'its outputs are not those'],
  ['an output less', ({ outputs }) => delete outputs.trace, 'its outputs are not those'],
  ['no required output', ({ outputs }) => Object.assign(outputs, { trace: null }), 'trace is not an object'],
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
    'the content of trace does not have its digest',
  ],
  [
    'a file with a path',
    ({ outputs }) => Object.assign(outputs.trace.files[0], { path: '../x' }),
    'trace is not one file',
  ],
  ['a size below 0', ({ outputs }) => Object.assign(outputs.trace.files[0], { size: -1 }), 'trace is not a count'],
  [
    'a sibling of its own',
    ({ outputs }) => outputs.trace.siblings.push(...outputs.peaks.siblings),
    'trace has other siblings',
  ],
  [
    'a sibling elsewhere',
    ({ outputs }) => Object.assign(outputs.peaks.siblings[0], { extension: '/../../x' }),
    'peaks has other siblings',
  ],
  [
    'a file that became executable on the way',
    ({ outputs }) => Object.assign(outputs.parts.files[0], { executable: true }),
    'the content of parts does not have its digest',
  ],
  [
    'a mode that is neither',
    ({ outputs }) => Object.assign(outputs.trace.files[0], { executable: 1 }),
    'neither executable nor not',
  ],
  [
    'an empty folder that is not in the digest',
    ({ outputs }) => outputs.parts.emptyFolders.push('more'),
    'the content of parts does not have its digest',
  ],
  ['an empty folder outside', ({ outputs }) => outputs.parts.emptyFolders.push('../x'), 'not inside it'],
  [
    'an empty folder that holds a file',
    ({ outputs }) => outputs.parts.emptyFolders.push('deep'),
    'a file and a folder',
  ],
  ['an empty folder of a file', ({ outputs }) => Object.assign(outputs.trace, { emptyFolders: ['x'] }), 'not one file'],
  [
    'files that are not the folder',
    ({ outputs }) => outputs.parts.files.pop(),
    'the content of parts does not have its digest',
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
    'a name with control characters',
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
    'its headline is not as declared',
  ],
  [
    'a headline of another port',
    ({ headline }) => Object.assign(headline, { port: '__proto__' }),
    'its headline is not as declared',
  ],
  [
    'a column that is not declared',
    ({ headline }) => Object.assign(headline, { columns: ['\u001b[2J'] }),
    'a column that is not declared',
  ],
  [
    'cells of a megabyte and more',
    ({ headline }) => headline.rows.push(['x'.repeat(1_000_001)]),
    'its headline has more than 1000000 characters',
  ],
  ['a row too short', ({ headline }) => headline.rows.push([]), 'a row of its headline has other columns'],
  [
    'a log line of a level of its own',
    ({ log }) => Object.assign(log[0], { level: 'x' }),
    'a line of its log has no level',
  ],
  ['a time that is not a date', (r) => Object.assign(r, { started: 'yesterday' }), 'started is not a time'],
  [
    'a time that does not exist',
    (r) => Object.assign(r, { started: '2026-13-41T00:00:00.000Z' }),
    'started is not a time',
  ],
  ['a time of year 9999', (r) => Object.assign(r, { started: '9999-01-01T00:00:00.000Z' }), 'started is not a time'],
  ['a duration below 0', (r) => Object.assign(r, { milliseconds: -1 }), 'milliseconds is not a duration'],
  ['a duration of ages', (r) => Object.assign(r, { milliseconds: 1e15 }), 'milliseconds is not a duration'],
  ['memory of no machine', (r) => Object.assign(r, { peakMemory: 1e17 }), 'peakMemory is not a count'],
  ['half a byte', ({ outputs }) => Object.assign(outputs.trace.files[0], { size: 1.5 }), 'trace is not a count'],
  ...['a\u001b[2J', 'a@b@c', '', 'x'.repeat(300), 'a\n', 'a\ud800', '../a'].map(
    (action) =>
      [
        `the action's name ${JSON.stringify(action.slice(0, 10))}`,
        (r: object) => Object.assign(r, { action }),
        action === 'a\ud800' ? 'a text in action is not Unicode' : 'action is not the name',
      ] as const,
  ),
  ...(
    [
      ['a lone surrogate in a name', ['a\ud800'], 'a text in parts is not Unicode'],
      ['a control character in a name', ['a\u0001'], 'a name with control characters'],
      ['a line end in a name', ['a\nb'], 'a name with control characters'],
      ['a name that is too long', ['x'.repeat(256)], 'a name of more than 255 bytes'],
      ['a name that is too long in UTF-8', ['é'.repeat(128)], 'a name of more than 255 bytes'],
      ['a path that is too long', [`${'a/'.repeat(2050)}b`], 'a path of more than 4096 bytes'],
      ['a path that is too deep', [`${'a/'.repeat(100)}b`], 'a path of more than 100 names'],
      ['a file that is also a folder', ['a', 'a/b'], 'a name that is a file and a folder'],
      ['a folder that is also a file', ['a/b/c', 'a/b'], 'a name that is a file and a folder'],
    ] as const
  ).map(
    ([name, paths, error]) =>
      [
        name,
        ({ outputs }: { outputs: object }) => Object.assign(outputs, { parts: folderOf(...paths) }),
        error,
      ] as const,
  ),
];

test.each(FORGED)('%s is refused', (_, change, error) => {
  expect(forged(change)).toEqual({ ok: false, error: expect.stringContaining(error) });
});

test('JSON that is nested deep, or holds millions of values, is refused before it is parsed', () => {
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  const bounds = { ok: false, error: expect.stringContaining('nested deeper, or holds more') };
  expect(readText('['.repeat(5_000_000))).toEqual(bounds);
  expect(readText(`{"log":${'['.repeat(17)}${']'.repeat(17)}}`)).toEqual(bounds);
  expect(readText(`[${'[],'.repeat(2_000_000)}0]`)).toEqual(bounds);
  expect(readText(`[${'1,'.repeat(3_000_001)}0]`)).toEqual(bounds);
  expect(parse).not.toHaveBeenCalled();
  expect(readText(`{"text":"${'[{,\\"'.repeat(1_000_000)}"}`)).toMatchObject({ error: 'its format is not 1' });
});

test("a log is cut at the length of an action's log, also in the middle of a character", () => {
  const log = collectLog(() => {});
  for (let i = 0; i < 10_000; i++) log.add({ level: 'info', message: `${i}${'\u{1f600}'.repeat(3000)}` });
  const kept = log.lines();
  const taken = forged((record) => Object.assign(record, { log: kept }));
  expect(taken).toMatchObject({ ok: true, value: { log: { length: kept.length } } });
  const flood = new Array(20_000).fill({ level: 'info', message: 'x'.repeat(2000) });
  const cut = forged((record) =>
    Object.assign(record, { log: [{ level: 'info', message: 'y'.repeat(1e6) }, ...flood] }),
  );
  if (!cut.ok) throw new Error(cut.error);
  expect(cut.value.log).toHaveLength(3000);
  expect(cut.value.log[0]?.message).toHaveLength(4004);
});

test('any text, and any value in place of another, is read or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readText(text).ok).toBe(false);
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
      // The declared outputs and their digests cannot be replaced.
      const kept = JSON.parse(TEXT);
      expect(Object.entries(result.value.outputs).map(([port, output]) => [port, output?.digest])).toEqual(
        Object.keys(WANTED_EACH.preimage.outputs).map((port) => [port, kept.outputs[port]?.digest]),
      );
    }),
  );
});

/** The path to each value within. */
const placesIn = (value: unknown): string[][] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, within]) => [[name], ...placesIn(within).map((rest) => [name, ...rest])]);
