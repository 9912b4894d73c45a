import { expect, test } from 'vitest';
import { syntheticParams } from '../../../../schemas/tasks/synthetic.ts';
import { medianMad } from '../../../../tasks/lib/noise/median-mad.ts';
import { drawOf } from '../../../../tasks/lib/synthetic/draw.ts';
import { simulateRecording } from '../../../../tasks/lib/synthetic/evaluate.ts';
import type { RecordingPlan } from '../../../../tasks/lib/synthetic/recording-plan.ts';
import { halfOf, scenarioNames, scenarioOf } from '../../../../tasks/lib/synthetic/scenarios.ts';
import { simulate } from '../../../../tasks/lib/synthetic/simulate.ts';
import { spikeTrain } from '../../../../tasks/lib/synthetic/spike-train.ts';

const plan: RecordingPlan = {
  seconds: 10,
  cell: { train: { rate: 10, bursting: 0.3 }, shape: { half: 5, afterWave: 0.1 }, height: () => 30 },
};

test('the parameters of synthetic offer every scenario', () => {
  expect(syntheticParams.properties.scenario.enum).toEqual(scenarioNames);
});

test('halfOf puts each scenario in a half, and scenarios of every subject in both', () => {
  const held = scenarioNames.filter((name) => halfOf(name) === 'held back');
  expect(held.length).toBeGreaterThan(scenarioNames.length / 3);
  expect(held).toEqual(expect.arrayContaining(['lognormal', 'short_dropouts', 'artefacts', 'baseline_wander']));
  expect(held).not.toEqual(expect.arrayContaining(['gaussian']));
});

test.each(scenarioNames)('%s plans a recording of 60 to 300 s at every level', (name) => {
  const scenario = scenarioOf(name);
  for (const level of scenario.levels) {
    const { seconds, cell } = scenario.plan(level, drawOf(5));
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThanOrEqual(300);
    const height = cell.height({ seconds: 1, since: 0.5, place: 0 }, drawOf(6));
    expect(Number.isFinite(height)).toBe(true);
  }
});

test('simulate makes noise of 1 MAD, and a trough of the spike\u2019s height at each true spike', () => {
  const { trace, cell, sign } = simulate(plan, 3);
  expect(trace).toHaveLength(200_000);
  expect(sign).toBe('-');
  const { mad } = medianMad(trace);
  const depths = cell.at.map((at) => -(trace[at] as number) / mad);
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length;
  // The spikes' own waves widen the MAD and lie under later troughs of a burst.
  expect(mean).toBeGreaterThan(22);
  expect(mean).toBeLessThan(32);
});

const bytes = ({ trace }: { trace: Float32Array }) => Buffer.from(trace.buffer);

test('simulate makes the same trace from the same seed, and a different trace from another seed', () => {
  const again = simulate(plan, 3);
  expect(bytes(simulate(plan, 3)).equals(bytes(again))).toBe(true);
  expect(simulate(plan, 3).cell).toEqual(again.cell);
  expect(simulate(plan, 4).cell.at).not.toEqual(again.cell.at);
  const wanted = { scenario: 'hum_50', level: 0.1, seed: 9 } as const;
  expect(bytes(simulateRecording(wanted).simulated).equals(bytes(simulateRecording(wanted).simulated))).toBe(true);
});

test('a cell keeps 3 ms between its spikes, and only a burst\u2019s spikes follow within 10 ms of each other more than by chance', () => {
  const { at, place } = spikeTrain({ rate: 10, bursting: 0.3 }, 6_000_000, drawOf(1));
  const intervals = at.slice(1).map((sample, row) => sample - (at[row] as number));
  expect(Math.min(...intervals)).toBeGreaterThanOrEqual(59);
  expect(place.filter((row) => row > 0).length / at.length).toBeCloseTo(0.3, 1);
  for (const [row, interval] of intervals.entries()) {
    if ((place[row + 1] as number) > 0) expect(interval).toBeLessThan(202);
  }
});

test('simulate removes the spikes of a lost contact from the trace, and keeps them in the truth', () => {
  const gone = simulate({ ...plan, contact: (seconds) => (seconds < 5 ? 1 : 0) }, 3);
  const { at, height } = gone.cell;
  expect(at.filter((sample) => sample >= 100_000).length).toBeGreaterThan(20);
  for (const [row, sample] of at.entries()) expect(height[row]).toBe(sample < 100_000 ? 30 : 0);
});

test('simulate follows the plan for noise, artefacts, other cells, clipping and the converter', () => {
  const loud = simulate(
    {
      ...plan,
      others: [plan.cell],
      artefacts: { share: 0.2, height: () => 20 },
      clip: 25,
      step: 0.5,
      sign: '+',
      noise: { hum: 1, wander: 1, bursts: { share: 0.1, times: 3 }, course: (s) => (s < 5 ? 1 : 2) },
    },
    8,
  );
  expect(loud.others).toHaveLength(1);
  const share = loud.artefacts.at.length / (loud.artefacts.at.length + loud.cell.at.length);
  expect(share).toBeCloseTo(0.2, 1);
  const values = [...new Set(loud.trace)].sort((a, b) => a - b);
  const step = Math.min(...values.slice(1).map((value, row) => value - (values[row] as number)));
  const offset = (values.at(-1) as number) / step;
  expect(values.length).toBeLessThan(400);
  // The largest value is the clip, 25 MADs, plus a small offset.
  expect(Math.abs(offset - 50)).toBeLessThan(1);
});
