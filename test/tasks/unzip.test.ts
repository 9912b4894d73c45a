import { existsSync } from 'node:fs';
import { DataError } from 'groundproof/task';
import { describe, expect, test } from 'vitest';
import { infoTable } from '../../schemas/tasks/unzip.ts';
import type { JsonObject } from '../../src/base/json.ts';
import unzip from '../../tasks/unzip.ts';
import { gzippedTar, type Member } from './make-archive.ts';
import { runTask } from './run-task.ts';

/** Five samples of two channels after three bytes. */
const mea = Buffer.from([0, 1, 2, ...Array.from({ length: 20 }, (_, i) => i)]);
const juxta = Buffer.alloc(20, 1);
const recording = (change: { mea?: Uint8Array; juxta?: Uint8Array; text?: string } = {}): Member[] => [
  ['patch_3.raw', change.mea ?? mea],
  ['patch_3.juxta.raw', change.juxta ?? juxta],
  ['patch_3.txt', change.text ?? 'padding = 3'],
];
const two = { channels: 2, dropped_channels: [] };

const run = async (members: Member[], params: JsonObject) =>
  runTask(unzip, { inputs: { archive: await gzippedTar(members) }, params });

test('unzip keeps the files byte for byte, and describes their layout', async () => {
  const unzipped = await run([...recording(), ['patch_3.triggers.npy', 'as it is']], { ...two, gain: 0.5 });
  expect(unzipped.bytes('mea').equals(mea)).toBe(true);
  expect(unzipped.bytes('juxta').equals(juxta)).toBe(true);
  expect(unzipped.text('triggers')).toBe('as it is');
  expect(await unzipped.table('info', infoTable)).toEqual({
    stem: ['patch_3'],
    padding: BigInt64Array.of(3n),
    samples: BigInt64Array.of(5n),
    sampling_rate: Float64Array.of(20000),
    channels: Int32Array.of(2),
    dropped_channels: [''],
    mea_dtype: ['<u2'],
    juxta_dtype: ['<f4'],
    gain: Float64Array.of(0.5),
    offset: Float64Array.of(32767),
    modelled: [null],
  });
});

test('unzip accepts an archive without triggers', async () => {
  expect(existsSync((await run(recording(), two)).path('triggers'))).toBe(false);
});

test.each([
  ['padding = 3', null],
  ['padding = 3\nmodelled =', null],
  ['padding = 3\nmodelled = the array', 'the array'],
  [`padding = 3\nmodelled = ${'a\u001b'.repeat(200)}`, `${'a\ufffd'.repeat(150)}...`],
])('unzip reads the modelled parts from the text %j', async (text, modelled) => {
  const { modelled: found } = await (await run(recording({ text }), two)).table('info', infoTable);
  expect(found).toEqual([modelled]);
});

describe('dropped channels', () => {
  const dropped = async (params: JsonObject, channels: number) => {
    const members = recording({ mea: Buffer.alloc(3 + 5 * 2 * channels) });
    return (await (await run(members, { channels, ...params })).table('info', infoTable)).dropped_channels;
  };

  test('unzip drops the published channels that exist by default', async () => {
    expect(await dropped({}, 256)).toEqual(['126,127,254,255']);
    expect(await dropped({}, 127)).toEqual(['126']);
    expect(await dropped({}, 4)).toEqual(['']);
  });

  test('unzip drops the given channels, in order', async () => {
    expect(await dropped({ dropped_channels: [10, 9, 0] }, 11)).toEqual(['0,9,10']);
  });

  test('unzip refuses dropped channels that do not exist or leave no channel', async () => {
    await expect(dropped({ dropped_channels: [4] }, 4)).rejects.toThrow(/has 4, but the file's 4 channels are 0 to 3/);
    await expect(dropped({ dropped_channels: [1, 0] }, 2)).rejects.toThrow(/leaves none of the 2 channels/);
  });
});

test.each<[string, Member[], RegExp]>([
  [
    'a part of a frame',
    recording({ mea: mea.subarray(0, -1) }),
    /patch_3\.raw in 2099_patch1\.tar\.gz has 22 bytes; less 3 of header .* frames of 4 bytes \(2 channels of uint16\): 3 bytes are left over/,
  ],
  [
    'a header longer than the file',
    recording({ text: 'padding = 24' }),
    /has 23 bytes, fewer than its header: padding = 24/,
  ],
  [
    'a part of a juxta sample',
    recording({ juxta: juxta.subarray(1) }),
    /patch_3\.juxta\.raw in .* has 19 bytes, not a whole number of float32/,
  ],
  [
    'another number of juxta samples',
    recording({ juxta: juxta.subarray(4) }),
    /array has 5 samples \(23 bytes, 3 of header, 2 channels\), the juxtacellular trace 4/,
  ],
  ['a padding wrong by a frame', recording({ text: 'padding = 7' }), /array has 4 samples .* trace 5/],
  ['no samples', recording({ mea: mea.subarray(0, 3), juxta: Buffer.of() }), /has no samples/],
  ['no padding', recording({ text: 'channel = 5' }), /patch_3\.txt in 2099_patch1\.tar\.gz does not say/],
])('unzip refuses %s', async (_, members, message) => {
  const unzipping = run(members, two);
  await expect(unzipping).rejects.toThrow(DataError);
  await expect(unzipping).rejects.toThrow(message);
});

test('unzip refuses another sample type', async () => {
  await expect(run(recording(), { ...two, mea_dtype: 'int16' })).rejects.toThrow('invalid parameters');
});
