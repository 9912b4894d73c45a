import { describe, expect, test } from 'vitest';
import { lagTable, pickedTable, waveformsTable } from '../../schemas/tasks/waveforms.ts';
import type { JsonObject } from '../../src/base/json.ts';
import waveforms from '../../tasks/waveforms.ts';
import { runTask } from './run-task.ts';
import { medianMad, smallMea } from './small-mea.ts';

const spikesAt = (samples: number[]) => ({
  sample_index: samples,
  time: samples.map((sample) => sample / 20000),
  amplitude: samples.map(() => -20),
});

async function run(mea: ReturnType<typeof smallMea>, spikes: number[], params: JsonObject = {}) {
  const done = await runTask(waveforms, { inputs: { mea: mea.path, info: mea.info, peaks: spikesAt(spikes) }, params });
  return {
    ...done,
    rows: await done.table('waveforms', waveformsTable),
    picked: [...(await done.table('picked', pickedTable)).sample_index].map(Number),
  };
}

test('waveforms computes median and MAD over the spikes for every channel and sample', async () => {
  const mea = smallMea({ samples: 500, channels: 5, dropped: [2] });
  const { rows, picked } = await run(mea, [50, 77, 200, 311], { before: 3, after: 4 });
  expect(picked).toEqual([50, 77, 200, 311]);
  const expected = [0, 1, 3, 4].flatMap((fileChannel, channel) =>
    [-3, -2, -1, 0, 1, 2, 3].map((sample) => ({
      channel,
      sample,
      ...medianMad(picked.map((spike) => mea.at(spike + sample, fileChannel))),
    })),
  );
  expect([...rows.channel]).toEqual(expected.map(({ channel }) => channel));
  expect([...rows.sample]).toEqual(expected.map(({ sample }) => sample));
  expect([...rows.median]).toEqual(expected.map(({ median }) => median));
  expect([...rows.mad]).toEqual(expected.map(({ mad }) => mad));
});

test('waveforms reads large windows in several pieces', async () => {
  const mea = smallMea({ samples: 4000, channels: 256, dropped: [126, 127, 254, 255] });
  const spikes = Array.from({ length: 61 }, (_, i) => 600 + i * 40);
  const { rows, picked, progress } = await run(mea, spikes, { before: 500, after: 700, count: 'all' });
  expect(picked).toEqual(spikes);
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.at(-1)).toBe(1);
  for (const [channel, fileChannel] of [
    [0, 0],
    [126, 128],
    [251, 253],
  ] as const) {
    for (let sample = -500; sample < 700; sample++) {
      const cell = channel * 1200 + sample + 500;
      const expected = medianMad(picked.map((spike) => mea.at(spike + sample, fileChannel)));
      if (rows.median[cell] !== expected.median || rows.mad[cell] !== expected.mad)
        expect.fail(`cell ${cell} is wrong`);
    }
  }
});

test('waveforms omits spikes whose window leaves the recording, and logs their number', async () => {
  const mea = smallMea({ samples: 200, channels: 1, dropped: [] });
  const { picked, messages, warnings } = await run(mea, [44, 45, 100, 140, 141]);
  expect(picked).toEqual([45, 100, 140]);
  expect(messages).toEqual(['2 of 5 spikes left out: their window [-45, +60) leaves the recording']);
  expect(warnings).toEqual([]);
});

test('waveforms draws usable spikes by seed, without replacement', async () => {
  const mea = smallMea({ samples: 20_000, channels: 1, dropped: [] });
  const spikes = Array.from({ length: 195 }, (_, i) => 2 + i * 102);
  const { picked } = await run(mea, spikes);
  expect(picked).toHaveLength(150);
  expect(new Set(picked).size).toBe(150);
  expect(picked.every((spike) => spikes.includes(spike) && spike >= 45 && spike + 60 <= 20_000)).toBe(true);
  expect((await run(mea, spikes)).picked).toEqual(picked);
  expect((await run(mea, spikes, { seed: 1 })).picked).not.toEqual(picked);
  expect((await run(mea, spikes, { count: 3 })).picked).toHaveLength(3);
  expect((await run(mea, spikes.slice(0, 20))).picked).toEqual(spikes.slice(1, 20));
});

test('waveforms writes empty tables, figures and a warning without a usable spike', async () => {
  const mea = smallMea({ samples: 100, channels: 2, dropped: [] });
  const { rows, picked, warnings, figures } = await run(mea, [10, 60]);
  expect([rows.median.length, picked.length]).toEqual([0, 0]);
  expect(warnings).toEqual(['no waveforms: none of 2 spikes has its window inside the recording']);
  expect(Object.keys(figures).sort()).toEqual(['gt_waveforms', 'gt_waveforms_flatten']);
});

describe('comparing the early with the late waveform', () => {
  const spikes = Array.from({ length: 90 }, (_, i) => 50 + i * 100);
  const lagOf = async (given: ReturnType<typeof smallMea>, at = spikes, params: JsonObject = {}) => {
    const table = await (await run(given, at, params)).table('lag', lagTable);
    return Object.fromEntries(Object.entries(table).map(([name, [value]]) => [name, value]));
  };

  /** A trough of 200 steps on file channel 2 at each spike, `delay` samples later in the second half. */
  const cell = (delay: number) => (sample: number, fileChannel: number) => {
    const late = sample >= 4500 ? delay : 0;
    const fromTrough = Math.abs(((sample - late) % 100) - 50);
    return fileChannel === 2 && fromTrough < 5 ? -200 + 40 * fromTrough : 0;
  };

  test.each([0, 3, -7])('waveforms measures a lag of %d samples on the best channel', async (delay) => {
    const mea = smallMea({ samples: 9000, channels: 4, dropped: [1], signal: cell(delay) });
    const row = await lagOf(mea, spikes, { before: 40, after: 40 });
    expect(row).toMatchObject({ early_spikes: 30, late_spikes: 30, channel: 1 });
    expect(Math.abs(Number(row.lag) - delay)).toBeLessThan(0.3);
    expect(row.correlation).toBeGreaterThan(0.95);
    expect(Math.min(Number(row.early_height), Number(row.late_height))).toBeGreaterThan(20);
  });

  test('waveforms measures no lag in noise', async () => {
    const row = await lagOf(smallMea({ samples: 9000, channels: 4, dropped: [] }));
    expect(row).toMatchObject({ lag: null, correlation: null });
    expect(Math.max(Number(row.early_height), Number(row.late_height))).toBeLessThan(6);
  });

  test('waveforms measures no lag with too few spikes in a third, but counts them', async () => {
    const mea = smallMea({ samples: 9000, channels: 4, dropped: [], signal: cell(0) });
    const few = [...spikes.slice(10, 40), ...spikes.slice(-9)];
    const row = await lagOf(mea, few);
    expect(row).toMatchObject({ early_spikes: 20, late_spikes: 8, late_height: null, lag: null, correlation: null });
    expect(row.early_height).toBeGreaterThan(6);
    const none = { early_spikes: 0, late_spikes: 0, channel: null, early_height: null, late_height: null };
    expect(await lagOf(mea, [5])).toEqual({ ...none, lag: null, correlation: null });
  });
});

test.each([{ count: 0 }, { count: 'most' }, { seed: -1 }, { seed: 2 ** 32 }, { after: 0 }, { before: -1 }])(
  'waveforms refuses the parameters %j',
  async (params) => {
    const mea = smallMea({ samples: 200, channels: 1, dropped: [] });
    await expect(run(mea, [100], params)).rejects.toThrow('invalid parameters');
  },
);
