import { expect, test } from 'vitest';
import { encodeCsv } from '../../src/task/csv.ts';
import type { TableSchema } from '../../src/task/table-schema.ts';

const schema = {
  description: '',
  columns: {
    at: { type: 'int64', description: '' },
    high: { type: 'float32', description: '' },
    'low, maybe': { type: 'float64', description: '', nullable: true },
    good: { type: 'bool', description: '' },
    name: { type: 'utf8', description: '', nullable: true },
  },
} as const satisfies TableSchema;

test('CSV has a header line, CRLF, quotes only if needed, and nothing for a null', () => {
  const csv = encodeCsv(schema, {
    at: [9223372036854775807n, -1],
    high: [0.1, -0],
    'low, maybe': [null, 1 / 3],
    good: [true, false],
    name: ['says "x",\n', null],
  });
  expect(csv).toBe(
    [
      'at,high,"low, maybe",good,name\r\n',
      '9223372036854775807,0.10000000149011612,,true,"says ""x"",\n"\r\n',
      '-1,-0,0.3333333333333333,false,\r\n',
    ].join(''),
  );
});

test('CSV tells an empty text from a null', () => {
  const nullable = { description: '', columns: { a: { type: 'utf8', description: '', nullable: true } } } as const;
  expect(encodeCsv(nullable, { a: ['', null, ' '] })).toBe('a\r\n""\r\n\r\n \r\n');
});

test('CSV is the same for typed arrays and lists, and its numbers read back to the same double', () => {
  const numbers = [1e21, 5e-324, 0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, 123456789.125];
  const f64 = { description: '', columns: { x: { type: 'float64', description: '' } } } as const;
  const csv = encodeCsv(f64, { x: numbers });
  expect(csv).toBe(encodeCsv(f64, { x: new Float64Array(numbers) }));
  expect(csv.split('\r\n').slice(1, -1).map(Number)).toEqual(numbers);
  const f32 = { description: '', columns: { x: { type: 'float32', description: '' } } } as const;
  expect(encodeCsv(f32, { x: [0.1, 16777217] })).toBe(encodeCsv(f32, { x: new Float32Array([0.1, 16777217]) }));
});

test('CSV of a table without rows is its header', () => {
  expect(encodeCsv(schema, { at: [], high: [], 'low, maybe': [], good: [], name: [] })).toBe(
    'at,high,"low, maybe",good,name\r\n',
  );
});

test('CSV puts an apostrophe before a text that a spreadsheet would run, but not before numbers and signs', () => {
  const textAndNumber = {
    description: '',
    columns: { text: { type: 'utf8', description: '' }, number: { type: 'float64', description: '' } },
  } as const;
  const text = ['=1+1', '@SUM(A1)', "+cmd|' /C calc'!A0", '-A1', '-3.5', '+1e5', '-', 'a=b', '\t=1'];
  const csv = encodeCsv(textAndNumber, { text, number: text.map((_, i) => 0 - i) });
  expect(csv.split('\r\n').slice(1, -1)).toEqual([
    "'=1+1,0",
    "'@SUM(A1),-1",
    "'+cmd|' /C calc'!A0,-2",
    "'-A1,-3",
    '-3.5,-4',
    '+1e5,-5',
    '-,-6',
    'a=b,-7',
    "'\t=1,-8",
  ]);
});
