import { expect, test } from 'vitest';
import { syntheticParams } from '../../../../schemas/tasks/synthetic.ts';
import { recordingOf, type Scenario, scenarios } from '../../../../tasks/lib/synthetic/scenarios.ts';

test('the task offers every scenario', () => {
  expect(syntheticParams.properties.scenario.enum).toEqual(Object.keys(scenarios));
});

const missedAt = (name: keyof typeof scenarios, level: number) => {
  const scenario: Scenario = scenarios[name];
  const shares = Array.from({ length: 10 }, (_, seed) => recordingOf(scenario, level, seed).missed);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};

test.each([
  ['missed_fraction', 0, 0],
  ['missed_fraction', 40, 0.4],
  ['drift', 16, 0],
  ['drift_missed', 16, 0.1],
  ['dip', 0, 0],
  ['dip', 80, 0.133],
  ['step', 12, 0],
  ['two_cells', 4, 0],
  ['skew', -1, 0],
  ['skew', 2, 0],
  ['skew_missed', -1, 0.1],
  ['skew_missed', 2, 0.1],
  ['silence', 80, 0.267],
  ['spike_count', 100, 0],
  ['spike_count_missed', 1000, 0.2],
] as const)('%s at %f misses %f of the spikes', (name, level, missed) => {
  expect(Math.abs(missedAt(name, level) - missed)).toBeLessThan(0.02);
});

test('a recording follows from scenario, level and seed', () => {
  expect(recordingOf(scenarios.step, 4, 1)).toEqual(recordingOf(scenarios.step, 4, 1));
  expect(recordingOf(scenarios.spike_count, 60, 3).spikes.length).toBeGreaterThan(57);
});
