import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { gridOf, readAxes, settingText } from '../../src/sweep/values.ts';

const valuesOf = (written: string) => {
  const read = readAxes([`step.param=${written}`]);
  if (!read.ok) throw new Error(read.error[0]?.message);
  return read.value[0]?.values;
};

const mistakeIn = (...set: string[]) => {
  const read = readAxes(set);
  if (read.ok) throw new Error('no mistake');
  const { range, message } = read.error[0] ?? { range: { start: 0, end: 0, source: { text: '' } }, message: '' };
  return [range.source.text.slice(range.start, range.end), message];
};

test.each([
  ['6..10:0.5', [6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10]],
  ['1..3', [1, 2, 3]],
  ['0..1:0.1', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
  ['10..8:-1', [10, 9, 8]],
  ['-1..1:.5', [-1, -0.5, 0, 0.5, 1]],
  ['1e-3..3e-3:1e-3', [0.001, 0.002, 0.003]],
  ['6..7:0.4', [6, 6.4, 6.8]],
  [' 5..5:1 ', [5]],
  ['6,8,10', [6, 8, 10]],
  ['[10, 6, 8]', [6, 8, 10]],
  ['8', [8]],
  ['8,8,6', [6, 8]],
  ['low, high', ['low', 'high']],
  ['"a,b"', ['a,b']],
  ['[[1, 2], []]', [[1, 2], []]],
  ['true,false', [true, false]],
  ['{ a: 1, b: 2 }', [{ a: 1, b: 2 }]],
  ['../data/x', ['../data/x']],
])('readAxes reads %s', (written, expected) => {
  expect(valuesOf(written)).toEqual(expected);
});

test.each([
  ['6..10:0', '6..10:0', 'a step of 0 leads nowhere'],
  ['6..10:-1', '6..10:-1', 'steps of -1 never lead from 6 to 10'],
  ['10..6', '10..6', 'steps of 1 never lead from 10 to 6'],
  ['0..1:0.0001', '0..1:0.0001', 'these are 10001 values, more than 1000'],
  ['6..x', '6..x', 'this is not a range of numbers'],
  ['6..10:0.5:2', '6..10:0.5:2', 'this is not a range of numbers'],
  ['0..1e-20:1e-21', '0..1e-20:1e-21', 'these numbers have too many digits'],
  ['[]', '[]', "no value is given for 'step.param'"],
])('readAxes refuses %s', (written, underlined, message) => {
  expect(mistakeIn(`step.param=${written}`)).toEqual([underlined, message]);
});

test('readAxes reports all mistakes, each at its own option', () => {
  const read = readAxes(['detect', 'detect.x=1..0', 'detect.y=[1', 'detect.z=1', 'detect.z=2']);
  expect(read.ok ? [] : read.error.map(({ range }) => range.source.text)).toEqual([
    'detect',
    'detect.x=1..0',
    'detect.y=[1',
    'detect.z=2',
  ]);
  expect(mistakeIn('a.b=1', 'a.b=2')).toEqual(['a.b', "'a.b' is swept twice"]);
});

test('readAxes counts ranges in exact decimals and includes both ends', () => {
  const range = fc.record({
    start: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    step: fc.integer({ min: -5000, max: 5000 }).filter((step) => step !== 0),
    steps: fc.nat(999),
    digits: fc.nat(6),
  });
  fc.assert(
    fc.property(range, ({ start, step, steps, digits }) => {
      const decimal = (units: number) => `${units}e-${digits}`;
      const values = valuesOf(`${decimal(start)}..${decimal(start + steps * step)}:${decimal(step)}`) ?? [];
      expect(values).toHaveLength(steps + 1);
      // `+ 0`: turns the -0 of -3e-1, -2e-1, ... into 0.
      for (const i of [0, Math.floor(steps / 3), steps]) expect(values[i]).toBe(Number(decimal(start + i * step)) + 0);
    }),
  );
});

test('gridOf lists every combination, the last parameter changing fastest', () => {
  const axes = [
    { parameter: 'a.b', values: [1, 2] },
    { parameter: 'c.d', values: ['x', 'y'] },
  ];
  expect(gridOf(axes)).toEqual([
    [1, 'x'],
    [1, 'y'],
    [2, 'x'],
    [2, 'y'],
  ]);
});

test('settingText is read back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = settingText('a.b', value as never);
      expect(text.startsWith('a.b=')).toBe(true);
      expect(JSON.stringify(parse(text.slice(4)))).toBe(JSON.stringify(value));
    }),
  );
});
