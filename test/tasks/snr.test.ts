import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { gtInfoTable } from '../../schemas/tasks/snr.ts';
import snr from '../../tasks/snr.ts';
import { runTask } from './run-task.ts';

const peaks = { sample_index: [100, 200, 300], time: [0.1, 0.2, 0.3], amplitude: [-9, -9, -9] };
const waveforms = (median: number[]) => ({
  channel: median.map((_, row) => row >> 1),
  sample: median.map((_, row) => (row % 2) - 1),
  median,
  mad: median.map(() => 1),
});
const noise = { channel: [0, 1, 2], file_channel: [0, 1, 4], median: [100, 100.5, 101], mad: [1, 2, 0] };

async function run(inputs: { [port: string]: { [column: string]: ArrayLike<unknown> } }) {
  const done = await runTask(snr, { inputs: { peaks, channel_noise: noise, ...inputs } });
  return { ...done, info: await done.table('gt_info', gtInfoTable) };
}

test('snr takes the electrode with the lowest median waveform, the first of equals', async () => {
  const { info, warnings } = await run({ waveforms: waveforms([99, 98, 100, 90, 95, 90]) });
  expect(info).toEqual({
    nb_spike: BigInt64Array.of(3n),
    max_on_channel: [1],
    peak_value: [-10.5],
    peak_snr: [5.25],
    noise_mad: [2],
    file_channel: [1],
  });
  expect(warnings).toEqual([]);
});

test('snr writes all but the ratio for a MAD of 0', async () => {
  const { info, warnings } = await run({ waveforms: waveforms([99, 98, 100, 99, 95, 90]) });
  expect([info.max_on_channel, info.peak_value, info.peak_snr, info.noise_mad, info.file_channel]).toEqual([
    [2],
    [-11],
    [null],
    [0],
    [4],
  ]);
  expect(warnings).toEqual(['the noise MAD of channel 2 (file channel 4) is 0, so no signal-to-noise ratio']);
});

test('snr writes only the number of spikes without waveforms', async () => {
  const { info, warnings } = await run({ waveforms: waveforms([]) });
  expect(info.nb_spike).toEqual(BigInt64Array.of(3n));
  expect([info.max_on_channel, info.peak_value, info.peak_snr, info.noise_mad, info.file_channel].flat()).toEqual(
    Array(5).fill(null),
  );
  expect(warnings).toHaveLength(1);
});

test('snr refuses noise of another recording', async () => {
  const other = { channel: [0], file_channel: [0], median: [100], mad: [1] };
  const running = run({ waveforms: waveforms([99, 98, 100, 90]), channel_noise: other });
  await expect(running).rejects.toThrow(DataError);
  await expect(running).rejects.toThrow('channel 1 has waveforms but no noise');
});
