import { expect, test } from 'vitest';
import { sorted } from '../../../../../tasks/lib/report/page/sort.ts';

const row = (value: string | undefined, text = '') => ({ cells: [{ dataset: { value }, textContent: text }] });
const order = (rows: ReturnType<typeof row>[], way: 'ascending' | 'descending') =>
  sorted(rows, 0, way).map(({ cells: [cell] }) => cell?.dataset.value ?? cell?.textContent);

test('numbers by size, what has none last either way', () => {
  const rows = ['10', '', '9', '-1', '0.5'].map((value) => row(value));
  expect(order(rows, 'ascending')).toEqual(['-1', '0.5', '9', '10', '']);
  expect(order(rows, 'descending')).toEqual(['10', '9', '0.5', '-1', '']);
});

test('texts by letters', () => {
  const rows = ['reject', 'accept', 'borderline'].map((text) => row(undefined, text));
  expect(order(rows, 'ascending')).toEqual(['accept', 'borderline', 'reject']);
});
