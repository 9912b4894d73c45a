import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import type { Info } from '../../../../schemas/tasks/unzip.ts';
import { frameBlocks, meaLayout, readFrames, withMea } from '../../../../tasks/lib/recording/mea.ts';
import { temporaryFolder } from '../../run-task.ts';

const info: Info = {
  stem: 'a',
  padding: 3n,
  samples: 1000n,
  sampling_rate: 20000,
  channels: 256,
  dropped_channels: '126,127,254,255',
  mea_dtype: '<u2',
  juxta_dtype: '<f4',
  gain: 0.1042,
  offset: 32767,
  modelled: null,
};

/** A value that differs from its neighbours in time, channel and byte. */
const valueAt = (frame: number, channel: number) => (frame * 257 + channel * 31) & 0xffff;

/** Writes samples from byte 3 on, so that all are unaligned in the file. */
function written({ samples, channels }: { samples: bigint; channels: number }): string {
  const path = join(temporaryFolder(), 'mea.raw');
  const bytes = Buffer.alloc(3 + Number(samples) * channels * 2, 0xee);
  for (let frame = 0; frame < samples; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      bytes.writeUInt16LE(valueAt(frame, channel), 3 + (frame * channels + channel) * 2);
    }
  }
  writeFileSync(path, bytes);
  return path;
}

test('meaLayout lists the file columns that are not dropped as electrodes', () => {
  const { fileChannels } = meaLayout(info);
  expect(fileChannels).toHaveLength(252);
  expect([...fileChannels.subarray(124, 128), fileChannels[251]]).toEqual([124, 125, 128, 129, 253]);
  expect(meaLayout({ ...info, channels: 3, dropped_channels: '' }).fileChannels).toEqual(Int32Array.of(0, 1, 2));
});

test('frameBlocks yields every frame once, in order', async () => {
  for (const { samples, channels, length } of [
    { samples: 1000n, channels: 256, length: 256 * 300 + 17 },
    { samples: 512n, channels: 256, length: 256 * 512 },
    { samples: 5n, channels: 1, length: 100 },
    { samples: 3n, channels: 65536, length: 65536 },
  ]) {
    const allChannels = { ...info, samples, channels, dropped_channels: '' };
    await withMea(written(allChannels), allChannels, (mea) => {
      let frame = 0;
      let wrong = 0;
      const block = new Uint16Array(length);
      for (const { frameCount, end } of frameBlocks(mea, block)) {
        expect(frameCount).toBe(end - frame);
        const first = frame;
        block.subarray(0, frameCount * channels).forEach((value, i) => {
          if (value !== valueAt(first + Math.floor(i / channels), i % channels)) wrong++;
        });
        frame = end;
      }
      expect([frame, wrong]).toEqual([Number(samples), 0]);
    });
  }
});

test('readFrames reads from any frame on, also into the middle of a buffer', async () => {
  await withMea(written(info), info, (mea) => {
    const into = new Uint16Array(3 * 256 + 1);
    readFrames(mea, 997, 3, into.subarray(1));
    const expected = Array.from({ length: 3 * 256 }, (_, i) => valueAt(997 + Math.floor(i / 256), i % 256));
    expect([...into]).toEqual([0, ...expected]);
    expect(() => readFrames(mea, 998, 3, into)).toThrow(/mea\.raw ended inside frames 998 to 1000/);
  });
});

test('withMea refuses a file of another size than info describes', async () => {
  const path = written(info);
  truncateSync(path, 512_002);
  const opened = withMea(path, info, () => 0);
  await expect(opened).rejects.toThrow(DataError);
  await expect(opened).rejects.toThrow(
    /mea\.raw has 512002 bytes, expected 512003 \(3 of header, 1000 samples of 256 channels\)/,
  );
});
