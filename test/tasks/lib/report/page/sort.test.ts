import { expect, test } from 'vitest';
import { sorted } from '../../../../../tasks/lib/report/page/sort.ts';

const row = (value: string | undefined, text = '') => ({ cells: [{ dataset: { value }, textContent: text }] });
const order = (rows: ReturnType<typeof row>[], direction: 'ascending' | 'descending') =>
  sorted(rows, 0, direction).map(({ cells: [cell] }) => cell?.dataset.value ?? cell?.textContent);

test('sorted orders numbers by size, with empty cells last in both orders', () => {
  const rows = ['10', '', '9', '-1', '0.5'].map((value) => row(value));
  expect(order(rows, 'ascending')).toEqual(['-1', '0.5', '9', '10', '']);
  expect(order(rows, 'descending')).toEqual(['10', '9', '0.5', '-1', '']);
});

test('sorted orders texts by letters', () => {
  const rows = ['reject', 'accept', 'borderline'].map((text) => row(undefined, text));
  expect(order(rows, 'ascending')).toEqual(['accept', 'borderline', 'reject']);
});
