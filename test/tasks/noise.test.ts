import { truncateSync } from 'node:fs';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { channelNoiseTable } from '../../schemas/tasks/noise.ts';
import noise from '../../tasks/noise.ts';
import { runTask } from './run-task.ts';
import { medianMad, smallMea } from './small-mea.ts';

test.each([
  ['one channel', { samples: 301, channels: 1, dropped: [] }],
  ['some dropped', { samples: 300, channels: 6, dropped: [0, 4] }],
  ['several blocks', { samples: 70_001, channels: 4, dropped: [3] }],
  ['more electrodes than are counted at once', { samples: 20, channels: 1030, dropped: [511, 512] }],
])('noise computes median and MAD of every electrode: %s', async (_, shape) => {
  const { path, info, at } = smallMea(shape);
  const { file_channel, channel, ...found } = await (await runTask(noise, { inputs: { mea: path, info } })).table(
    'channel_noise',
    channelNoiseTable,
  );
  const electrodes = [...Array(shape.channels).keys()].filter((c) => !shape.dropped.includes(c));
  expect([...file_channel]).toEqual(electrodes);
  expect([...channel]).toEqual(electrodes.map((_, index) => index));
  for (const [index, electrode] of electrodes.entries()) {
    const samples = Array.from({ length: shape.samples }, (_, sample) => at(sample, electrode));
    expect({ median: found.median[index], mad: found.mad[index] }).toEqual(medianMad(samples));
  }
});

test('noise refuses a file that does not fit its info', async () => {
  const { path, info } = smallMea({ samples: 10, channels: 4, dropped: [] });
  truncateSync(path, 80);
  const running = runTask(noise, { inputs: { mea: path, info } });
  await expect(running).rejects.toThrow(DataError);
  await expect(running).rejects.toThrow('has 80 bytes, expected 83');
});

test('noise stops when it is aborted', async () => {
  const { path, info } = smallMea({ samples: 10, channels: 64, dropped: [] });
  const samples = 600_000;
  truncateSync(path, 3 + samples * 64 * 2);
  const inputs = { mea: path, info: { ...info, samples: [samples] } };
  await expect(runTask(noise, { inputs, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});
