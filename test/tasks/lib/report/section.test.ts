import { expect, test } from 'vitest';
import { criteriaTableOf } from '../../../../tasks/lib/report/criteria-table.ts';
import { overview } from '../../../../tasks/lib/report/overview.ts';

const criterion = (name: string, outcome: string) => ({
  criterion: name,
  value: null,
  low: null,
  high: null,
  limit: 0.05,
  passed: outcome === 'passed',
  outcome,
  passes_at: null,
  reason: 'because',
});
const recording = {
  recording: 'a_1',
  verdict: 'accept',
  published: null,
  agrees: null,
  reason: 'good',
  sparkline: '',
};

test('the page marks a criterion as unasked and does not count it as passed', () => {
  const criteria = [criterion('spike_count', 'passed'), criterion('array_missed', 'unasked')];
  const { html } = criteriaTableOf(criteria);
  expect(html).toContain('Missed spikes by the array');
  expect(html).toContain('href="#dash"');
  expect(html).not.toContain('NaN');
  expect(overview([{ ...recording, criteria }]).html).toContain('1 criteria passed, 1 not asked of the array');
  expect(overview([{ ...recording, criteria: criteria.slice(0, 1) }]).html).toContain('all 1 criteria passed');
});
