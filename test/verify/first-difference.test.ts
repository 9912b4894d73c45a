import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { table } from '../../src/task/ports.ts';
import { writeTable } from '../../src/task/table-file.ts';
import { firstDifference } from '../../src/verify/first-difference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundproof-difference-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);

const schema = {
  description: 'T',
  columns: {
    n: { type: 'int64', description: 'n' },
    x: { type: 'float64', description: 'x', nullable: true },
    s: { type: 'utf8', description: 's' },
  },
} as const;

type Rows = readonly (readonly [bigint, number | null, string])[];
async function between(expected: Rows, found: Rows) {
  for (const [name, rows] of [
    ['a', expected],
    ['b', found],
  ] as const) {
    const columns = { n: rows.map(([n]) => n), x: rows.map(([, x]) => x), s: rows.map(([, , s]) => s) };
    expect((await writeTable(path(name), schema, columns)).ok).toBe(true);
  }
  return firstDifference(table(schema), path('a'), path('b'));
}

test('firstDifference of tables is the first row, and in it the first column', async () => {
  const value = (row: number, column: string, expected: string, found: string) => ({
    kind: 'value',
    row,
    column,
    expected,
    found,
  });
  expect(
    await between(
      [
        [1n, 1, 'a'],
        [2n, 2, 'b'],
      ],
      [
        [1n, 1, 'x'],
        [9n, 9, 'b'],
      ],
    ),
  ).toEqual(value(0, 's', '"a"', '"x"'));
  expect(
    await between(
      [
        [1n, 1, 'a'],
        [2n, 2, 'b'],
      ],
      [
        [1n, 1, 'a'],
        [9n, 9, 'x'],
      ],
    ),
  ).toEqual(value(1, 'n', '2', '9'));
  expect(await between([[1n, null, 'a']], [[1n, 0, 'a']])).toEqual(value(0, 'x', 'null', '0'));
  expect(await between([[1n, -0, 'a']], [[1n, 0, 'a']])).toEqual(value(0, 'x', '-0', '0'));
  expect(await between([[1n, Number.NaN, 'a']], [[1n, Number.NaN, 'a']])).toBeNull();
  expect(
    await between(
      [[1n, 1, 'a']],
      [
        [1n, 1, 'a'],
        [1n, 1, 'a'],
      ],
    ),
  ).toEqual({ kind: 'rows', expected: 1, found: 2 });
  expect(
    await between(
      [[1n, 1, 'a']],
      [
        [1n, 2, 'a'],
        [1n, 1, 'a'],
      ],
    ),
  ).toEqual(value(0, 'x', '1', '2'));
});

test('firstDifference is a byte if a file is not a table of the schema', async () => {
  writeFileSync(path('a'), 'ARROW1 no table');
  writeFileSync(path('b'), 'ARROW2 no table');
  expect(await firstDifference(table(schema), path('a'), path('b'))).toEqual({ kind: 'byte', path: '', offset: 5 });
});

test('firstDifference of files is the first byte, or the end of the shorter file', async () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, bytes, async (start, a, b) => {
      writeFileSync(path('a'), Buffer.concat([start, a]));
      writeFileSync(path('b'), Buffer.concat([start, b]));
      let offset = 0;
      while (offset < Math.max(a.length, b.length) && a[offset] === b[offset]) offset++;
      const same = Buffer.from(a).equals(b);
      expect(await firstDifference({ kind: 'file' }, path('a'), path('b'))).toEqual(
        same ? null : { kind: 'byte', path: '', offset: start.length + offset },
      );
    }),
    { numRuns: 100 },
  );
});

test('firstDifference of folders is the first file and its byte', async () => {
  const make = (name: string, files: { readonly [file: string]: string }) => {
    rmSync(path(name), { recursive: true, force: true });
    mkdirSync(join(path(name), 'sub'), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path(name), file), text);
  };
  const between = async (a: { readonly [file: string]: string }, b: { readonly [file: string]: string }) => {
    make('fa', a);
    make('fb', b);
    return firstDifference({ kind: 'folder' }, path('fa'), path('fb'));
  };
  expect(await between({ 'sub/x': 'one', y: '1' }, { 'sub/x': 'oNe', y: '2' })).toEqual({
    kind: 'byte',
    path: 'sub/x',
    offset: 1,
  });
  expect(await between({ a: '', b: '' }, { b: '' })).toEqual({ kind: 'only-expected', path: 'a' });
  expect(await between({ b: '' }, { a: '', b: '' })).toEqual({ kind: 'only-found', path: 'a' });
  expect(await between({ a: 'x' }, { a: 'x' })).toBeNull();
});

test('firstDifference finds the executable bit of equal files, and empty folders', async () => {
  for (const name of ['ea', 'eb']) {
    mkdirSync(path(name));
    writeFileSync(join(path(name), 'run.sh'), 'x');
  }
  const compare = () => firstDifference({ kind: 'folder' }, path('ea'), path('eb'));
  expect(await compare()).toBeNull();
  chmodSync(join(path('eb'), 'run.sh'), 0o755);
  expect(await compare()).toEqual({ kind: 'executable', path: 'run.sh', found: true });
  const [plain, script] = [join(path('ea'), 'run.sh'), join(path('eb'), 'run.sh')];
  expect(await firstDifference({ kind: 'file' }, script, plain)).toEqual({
    kind: 'executable',
    path: '',
    found: false,
  });
  mkdirSync(join(path('ea'), 'logs'));
  expect(await compare()).toEqual({ kind: 'only-expected', path: 'logs/' });
  mkdirSync(join(path('eb'), 'logs'));
  mkdirSync(join(path('eb'), 'a'));
  expect(await compare()).toEqual({ kind: 'only-found', path: 'a/' });
});

test('of tables with bytes and lists: equal values are no difference, and the first that differs is written out', async () => {
  const schema = {
    description: 'T',
    columns: {
      bytes: { type: 'binary', description: 'b' },
      pair: { type: 'list', of: 'float64', description: 'p' },
      at: { type: 'timestamp', zone: 'UTC', description: 'a' },
    },
  } as const;
  const rows = (last: number) => ({
    bytes: [new Uint8Array([1]), new Uint8Array([2])],
    pair: [
      [0, 1],
      [2, last],
    ],
    at: [0n, 1n],
  });
  for (const [name, last] of [
    ['lists-a', 3],
    ['lists-b', 4],
  ] as const) {
    expect((await writeTable(path(name), schema, rows(last))).ok).toBe(true);
  }
  expect(await firstDifference(table(schema), path('lists-a'), path('lists-b'))).toEqual({
    kind: 'value',
    row: 1,
    column: 'pair',
    expected: '"[2,3]"',
    found: '"[2,4]"',
  });
});
