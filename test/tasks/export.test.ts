import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import exportTask from '../../tasks/export.ts';
import { npyUnitPeriods, npzSorting } from '../../tasks/lib/export/spikeinterface.ts';
import { int64Bytes } from '../../tasks/lib/recording/int64-bytes.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const spikes = { good: BigInt64Array.of(11n, 500n), bad: new BigInt64Array() };
const info = {
  stem: ['patch_3'],
  padding: [1867],
  samples: [1000],
  sampling_rate: [20000],
  channels: [4],
  dropped_channels: ['1'],
  mea_dtype: ['<u2'],
  juxta_dtype: ['<f4'],
  gain: [0.1],
  offset: [32768],
  modelled: [null],
};

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const both = <V>(good: V, bad: V) => [
  { recording: 'good', value: good },
  { recording: 'bad', value: bad },
];
const inputs = {
  indexes: both(file('indexes.raw', int64Bytes(spikes.good)), file('indexes.raw', int64Bytes(spikes.bad))),
  info: both(info, { ...info, dropped_channels: [''] }),
  verdicts: both(
    { recording: ['good'], verdict: ['accept'], reason: ['2 spikes [1,\n 2]'] },
    { recording: ['bad'], verdict: ['reject'], reason: ['no spikes'] },
  ),
  accepted_periods: both({ start_sample: [0], end_sample: [1000] }, { start_sample: [], end_sample: [] }),
};

test('export writes a folder per recording with its spikes in three formats', async () => {
  const folder = (await runTask(exportTask, { inputs })).path('ground_truth');
  const own = ['accepted_periods.npy', 'juxta_peak_indexes.raw', 'sorting.npz'];
  expect(readdirSync(folder).sort()).toEqual(['bad', 'good', 'ground_truth.json']);
  expect([readdirSync(join(folder, 'bad')).sort(), readdirSync(join(folder, 'good')).sort()]).toEqual([own, own]);
  const bytes = (path: string) => new Uint8Array(readFileSync(join(folder, path)));
  const plain = (written: Uint8Array) => new Uint8Array(written);
  expect(bytes('good/juxta_peak_indexes.raw')).toEqual(plain(int64Bytes(spikes.good)));
  expect(bytes('good/sorting.npz')).toEqual(plain(npzSorting(int64Bytes(spikes.good), 20000)));
  expect(bytes('bad/sorting.npz')).toEqual(plain(npzSorting(new Uint8Array(), 20000)));
  expect(bytes('good/accepted_periods.npy')).toEqual(
    plain(npyUnitPeriods(BigInt64Array.of(0n), BigInt64Array.of(1000n))),
  );
  expect(bytes('bad/accepted_periods.npy')).toEqual(plain(npyUnitPeriods(new BigInt64Array(), new BigInt64Array())));
});

test('ground_truth.json has the arguments of read_binary', async () => {
  const run = await runTask(exportTask, {
    inputs: {
      ...inputs,
      published: file('published.yaml', 'recordings: { bad: { decision: rejected } }'),
      electrodes: file('array.csv', 'file_channel,x,y\n0,0,0\n1,30,0\n2,0,30.5\n3,30,30\n'),
    },
  });
  const text = readFileSync(join(run.path('ground_truth'), 'ground_truth.json'), 'utf8');
  const { recordings, python } = JSON.parse(text);
  expect(python[0]).toBe('import json');
  expect(recordings[0]).toEqual({
    recording: 'good',
    verdict: 'accept',
    reason: '2 spikes [1,\n 2]',
    published: null,
    spikes: 2,
    mea: { file: '../../unzip/good/mea.raw', name_in_archive: 'patch_3.raw', bytes: 1867 + 8000, samples: 1000 },
    read_binary: {
      sampling_frequency: 20000,
      dtype: '<u2',
      num_channels: 4,
      file_offset: 1867,
      gain_to_uV: 0.1,
      offset_to_uV: -32768 * 0.1,
    },
    electrodes: [0, 2, 3],
    positions: [
      [0, 0],
      [0, 30.5],
      [30, 30],
    ],
  });
  expect(recordings[1]).toMatchObject({ recording: 'bad', published: 'rejected', electrodes: [0, 1, 2, 3] });
  expect(text).toContain('"electrodes": [0, 2, 3],\n      "positions": [[0, 0], [0, 30.5], [30, 30]]\n');
  expect(run.messages).toEqual(['2 recordings, 1 accepted']);
});

test('export writes an empty list without recordings, and null without positions', async () => {
  const document = async (given: Parameters<typeof runTask>[1]['inputs']) => {
    const folder = (await runTask(exportTask, { inputs: given })).path('ground_truth');
    return JSON.parse(readFileSync(join(folder, 'ground_truth.json'), 'utf8'));
  };
  const none = { indexes: [], info: [], verdicts: [], accepted_periods: [] };
  expect((await document(none)).recordings).toEqual([]);
  expect((await document(inputs)).recordings[0].positions).toBeNull();
});

test('export refuses inputs that do not belong together', async () => {
  const cut = file('indexes.raw', new Uint8Array(12));
  await expect(runTask(exportTask, { inputs: { ...inputs, indexes: both(cut, cut) } })).rejects.toThrow(
    /spike indexes of good \(indexes\.raw\) have 12 bytes, not a whole number of int64/,
  );
  await expect(runTask(exportTask, { inputs: { ...inputs, info: inputs.info.slice(0, 1) } })).rejects.toThrow(
    /bad has a verdict but nothing in the input info/,
  );
  const electrodes = file('array.csv', 'file_channel,x,y\n0,0,0\n');
  await expect(runTask(exportTask, { inputs: { ...inputs, electrodes } })).rejects.toThrow(
    /array\.csv has no position for 2 of 3 electrodes/,
  );
});
