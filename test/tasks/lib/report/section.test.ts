import { expect, test } from 'vitest';
import { criteriaTableOf } from '../../../../tasks/lib/report/criteria-table.ts';
import { type JudgedRecording, overview } from '../../../../tasks/lib/report/overview.ts';

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
  modelled: null,
  sparkline: '',
};

test('the page marks a criterion as unasked and does not count it as passed', () => {
  const criteria = [criterion('spike_count', 'passed'), criterion('array_missed', 'unasked')];
  const { html } = criteriaTableOf(criteria);
  expect(html).toContain('Missed spikes by the array');
  expect(html).toContain('href="#dash"');
  expect(html).not.toContain('NaN');
});

test('a criterion that did not pass says which limit would let it pass', () => {
  const seen = (name: string, outcome: string, passes_at: number) =>
    criteriaTableOf([{ ...criterion(name, outcome), passes_at }]).html;
  expect(seen('edge_fraction', 'failed', 0.2536)).toContain('Because. It would pass with a limit of 25.4 %.');
  expect(seen('presence', 'failed', 0.8789)).toContain('It would pass with a limit of 87.8 %.');
  expect(seen('spike_count', 'failed', 80)).toContain('It would pass with a limit of 80.');
  expect(seen('edge_fraction', 'passed', 0.001)).toContain('Because.<');
  expect(seen('worst_window', 'doubtful', 0.05)).toContain('Because.<');
});

const overviewOf = (...judged: readonly Partial<JudgedRecording>[]) =>
  overview(judged.map((others) => ({ ...recording, criteria: [], ...others }))).html;

test('the first screen gives the sentence of the verdict', () => {
  expect(overviewOf({ reason: '80 spikes & <few>' })).toContain('<td class="why">80 spikes &amp; &lt;few&gt;</td>');
});

test('the first screen says how many recordings are modelled, and which parts are made up', () => {
  expect(overviewOf({})).not.toContain('Modelled data');
  const some = overviewOf(
    { modelled: 'the shape; 3 spikes; the array' },
    { modelled: 'the shape; 5 spikes; the array' },
    { modelled: 'the shape; the array' },
    {},
  );
  expect(some).toContain(
    '3 of these 4 recordings are rebuilt, not recorded. Made up: the shape; spikes (in 2 of them); the array.',
  );
  expect(overviewOf({ modelled: 'all' })).toContain('This recording is rebuilt, not recorded. Made up: all.');
});

test('a borderline verdict neither agrees with the published list nor differs from it', () => {
  const list = [
    { published: 'accepted', agrees: true },
    { published: 'rejected' },
    { published: 'rejected', agrees: false },
  ];
  expect(overviewOf(...list)).toContain('<b>1 of 3</b> agree with the published list, 1 differs, 1 borderline');
  expect(overviewOf(...list.slice(0, 1))).toContain('<b>1 of 1</b> agree with the published list</span>');
});
