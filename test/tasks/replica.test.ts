import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DataError } from 'groundproof/task';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/base/json.ts';
import { readArchive } from '../../tasks/lib/recording/archive/archive.ts';
import { decodeNpySamples } from '../../tasks/lib/recording/npy.ts';
import replica from '../../tasks/replica.ts';
import { detected, floats, membersOf, sortedMedianMad } from './lib/replica/oracle.ts';
import { runTask } from './run-task.ts';

const folder = mkdtempSync(join(tmpdir(), 'groundproof-replica-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recording = '20990101_patch7';
const facts = { n_spikes: 300, median: -0.2, mad: 1.5, threshold: -11.8, n_samples: 200_000 };

function indexOf(spike: number): number {
  if (spike < 20) return 10 + 60 * spike;
  return spike === facts.n_spikes - 1 ? facts.n_samples - 11 : 2000 + 650 * spike;
}

/** 300 spikes from the first to the last possible sample, at least 60 apart, with amplitudes from just beyond the threshold. */
const rows = Array.from({ length: facts.n_spikes }, (_, i) => {
  const index = indexOf(i);
  return `${index},${(-11.81 - ((i * 97) % 300) / 50).toFixed(6)}`;
});
const tabled = {
  sampleIndex: rows.map((row) => Number(row.split(',')[0])),
  amplitude: rows.map((row) => Math.fround(Number(row.split(',')[1]))),
};

function inputs(lines: readonly string[] = rows, entry: object = facts) {
  const peaks = join(folder, 'made-up.peaks.csv');
  const yaml = join(folder, 'recordings.yaml');
  writeFileSync(peaks, ['sample_index,amplitude', ...lines, ''].join('\n'));
  writeFileSync(yaml, JSON.stringify({ recordings: { [recording]: entry } }));
  return { peaks, facts: yaml };
}

const make = (params: JsonObject = {}) => runTask(replica, { inputs: inputs(), params: { recording, ...params } });
const refused = (lines?: readonly string[], entry?: object) =>
  expect(runTask(replica, { inputs: inputs(lines, entry), params: { recording } })).rejects;

describe('an archive of the published format', async () => {
  const run = await make();
  const members = await membersOf(run.bytes('archive'));
  const member = (name: string) => members.get(name) as Buffer;
  const trace = floats(member('patch_7_MEA.juxta.raw'));
  const text = member('patch_7_MEA.txt').toString();
  const value = (key: string) => Number(new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1]);

  test('a replica holds the members of a published archive', () => {
    expect([...members.keys()]).toEqual([
      'patch_7_MEA.juxta.raw',
      'patch_7_MEA.raw',
      'patch_7_MEA.triggers.npy',
      'patch_7_MEA.txt',
    ]);
    expect(text.split('\n')).toEqual([
      'threshold = 8',
      'name = 20990101/patch_7_MEA',
      'juxta_channel = 254',
      'min_peak = -17.7900',
      expect.stringMatching(/^channel = [0-3]$/),
      'padding = 1871',
      expect.stringMatching(/^modelled_below_threshold = [1-9][0-9]*$/),
      expect.stringMatching(
        /^modelled = the shape of the spikes; [1-9][0-9]* spikes below the threshold; .* 3 other cells$/,
      ),
      '',
    ]);
    const triggers = decodeNpySamples(member('patch_7_MEA.triggers.npy'), 'triggers');
    expect([...triggers].map(Number)).toEqual(tabled.sampleIndex);
    const header = member('patch_7_MEA.raw').subarray(0, 1871).toString('latin1');
    expect(header).toMatch(
      /^MC_DataTool binary conversion\r\nVersion 2\.6\.15\r\nMC_REC file = "patch_7_MEA\.mcd"\r\n/,
    );
    expect(header).toMatch(
      /\r\nADC zero = 32767\r\nEl = 0\.1042µV\/AD\r\nStreams = El_A1;El_B1;El_C1;El_D1\r\n *EOH\r\n$/,
    );
  });

  test('a replica has exactly the tabled spikes at the tabled threshold', () => {
    const { median, mad } = sortedMedianMad(trace);
    const level = -(median + 8 * mad);
    expect(Math.abs(level - facts.threshold)).toBeLessThan(0.001);
    expect(Math.abs(median - facts.median)).toBeLessThan(0.002);
    expect(Math.abs(mad - facts.mad)).toBeLessThan(0.001);
    expect(detected(trace, level)).toEqual(tabled);
  });

  test('a replica has the modelled spikes at lower thresholds', () => {
    const { median, mad } = sortedMedianMad(trace);
    const modelled = value('modelled_below_threshold');
    expect(modelled).toBeGreaterThan(10);
    expect(modelled).toBeLessThanOrEqual(facts.n_spikes);
    const at6 = detected(trace, -(median + 6 * mad)).sampleIndex;
    expect(at6.length).toBeGreaterThan(facts.n_spikes + 10);
    expect(at6.length).toBeLessThanOrEqual(facts.n_spikes + modelled);
    expect(at6.filter((index) => !tabled.sampleIndex.includes(index)).length).toBe(at6.length - facts.n_spikes);
    const apart = at6.slice(1).map((index, i) => index - (at6[i] as number));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(60);
  });

  test('a replica has the spike in the MEA, deepest on the noted channel, at the given SNR', () => {
    const frames = samplesOf(member('patch_7_MEA.raw'));
    expect(frames.length).toBe(4 * facts.n_samples);
    const snr = [0, 1, 2, 3].map((column) => snrOf(frames, 4, column));
    expect(snr.indexOf(Math.max(...snr))).toBe(value('channel'));
    expect(Math.max(...snr)).toBeGreaterThan(9);
    expect(Math.max(...snr)).toBeLessThan(11);
    expect(Math.min(...snr)).toBeGreaterThan(2);
  });

  test('the archive reader reads a replica', async () => {
    const chunks = { mea: [] as number[], juxta: [] as number[] };
    const content = await readArchive(run.path('archive'), {
      mea: (chunk) => void chunks.mea.push(chunk.length),
      juxta: (chunk) => void chunks.juxta.push(chunk.length),
    });
    expect(content.stem).toBe('patch_7_MEA');
    const sum = (lengths: number[]) => lengths.reduce((total, length) => total + length, 0);
    expect(sum(chunks.mea)).toBe(1871 + 8 * facts.n_samples);
    expect(sum(chunks.juxta)).toBe(4 * facts.n_samples);
  });

  test('a replica has the same bytes on every machine and Node version', async () => {
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(run.bytes('archive'))).toBe('9d79a40d17ebd34ad6b3b81b579911013d3f0f92fe1efd1a8168847cd3f52b7c');
    expect(digest((await make()).bytes('archive'))).toBe(digest(run.bytes('archive')));
    expect(digest((await make({ seed: 1 })).bytes('archive'))).not.toBe(digest(run.bytes('archive')));
  });

  test('a compressed replica has the same content', async () => {
    const compressed = (await make({ gzip_level: 1 })).bytes('archive');
    expect(compressed.length).toBeLessThan(0.9 * run.bytes('archive').length);
    expect(gunzipSync(compressed).equals(gunzipSync(run.bytes('archive')))).toBe(true);
  });

  test('replica reports progress', () => {
    expect(run.progress.at(-1)).toBeCloseTo(1, 2);
    expect(run.progress).toEqual(run.progress.toSorted((a, b) => a - b));
  });
});

test('a replica of 256 columns has four auxiliary columns: two idle, the pipette and a sync pulse', async () => {
  const lines = ['500,-20.5', '700,-25'];
  const entry = { ...facts, n_spikes: 2, n_samples: 25_000 };
  const run = await runTask(replica, { inputs: inputs(lines, entry), params: { recording, electrodes: 256 } });
  const members = await membersOf(run.bytes('archive'));
  const raw = members.get('patch_7_MEA.raw') as Buffer;
  const frames = samplesOf(raw);
  expect(frames.length).toBe(256 * 25_000);
  expect(raw.subarray(1866, 1871).toString()).toBe('EOH\r\n');
  const column = (c: number) => frames.filter((_, i) => i % 256 === c);
  expect(new Set(column(126))).toEqual(new Set([32_767]));
  expect(new Set(column(127))).toEqual(new Set([32_767]));
  expect(column(254)[500]).toBe(32_767 - 205);
  expect([...column(255)].filter((value) => value > 33_000).length).toBe(400);
  expect(new Set(column(125)).size).toBeGreaterThan(100);
  expect(new Set(column(128)).size).toBeGreaterThan(100);
});

test('replica makes a published recording at its full length', async () => {
  const published = '20160426_patch2';
  const data = join(import.meta.dirname, '../../data/replicas');
  const csv = join(data, `${published}.peaks.csv`);
  const yaml = join(data, 'recordings.yaml');
  const run = await runTask(replica, {
    inputs: { peaks: csv, facts: yaml },
    params: { recording: published, electrodes: 1 },
  });
  const trace = floats((await membersOf(run.bytes('archive'))).get('patch_2_MEA.juxta.raw') as Buffer);
  const known = parse(readFileSync(yaml, 'utf8')).recordings[published];
  expect(trace.length).toBe(known.n_samples);
  const { median, mad } = sortedMedianMad(trace);
  const level = -(median + 8 * mad);
  expect(Math.abs(level - known.threshold)).toBeLessThan(0.001);
  const lines = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
  expect(detected(trace, level)).toEqual({
    sampleIndex: lines.map((line) => Number(line.split(',')[0])),
    amplitude: lines.map((line) => Math.fround(Number(line.split(',')[1]))),
  });
});

test('every published recording has valid facts and spikes', async () => {
  const data = join(import.meta.dirname, '../../data/replicas');
  const { readFacts } = await import('../../tasks/lib/replica/facts.ts');
  const { readTabledSpikes } = await import('../../tasks/lib/replica/tabled-spikes.ts');
  const yaml = readFileSync(join(data, 'recordings.yaml'), 'utf8');
  const names = Object.keys(parse(yaml).recordings);
  expect(names.length).toBe(12);
  for (const name of names) {
    const known = readFacts(yaml, 'recordings.yaml', name);
    const spikes = readTabledSpikes(readFileSync(join(data, `${name}.peaks.csv`), 'utf8'), name, known);
    expect(spikes.sampleIndex.length).toBe(known.nSpikes);
  }
});

describe('refusing bad data with file, line and numbers', () => {
  test('replica refuses a recording without an entry', async () => {
    const promise = runTask(replica, { inputs: inputs(), params: { recording: 'unknown' } });
    await expect(promise).rejects.toThrow(DataError);
    await expect(promise).rejects.toThrow("recordings.yaml has no entry 'unknown'");
  });

  test('replica refuses a spike too close to the previous spike', async () => {
    await refused(rows.with(4, '249,-13')).toThrow('made-up.peaks.csv, line 6: sample 249 comes 59 samples after');
  });

  test('replica refuses another number of spikes than in the facts', async () => {
    await refused(rows.slice(1)).toThrow('made-up.peaks.csv has 299 spikes, but recordings.yaml says 300');
  });

  test('replica refuses spikes so dense that no noise is left', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `${100 + 60 * i},-50`);
    const entry = { n_spikes: 400, median: 0, mad: 1, threshold: -8, n_samples: 24_200 };
    await refused(lines, entry).toThrow('leave too little noise');
  });
});

test('replica stops when it is aborted', async () => {
  const signal = AbortSignal.abort();
  await expect(runTask(replica, { inputs: inputs(), params: { recording }, signal })).rejects.toThrow('abort');
});

/** Reads the uint16 frames after the header, which ends at an odd byte. */
function samplesOf(raw: Buffer): Uint16Array {
  return new Uint16Array(Uint8Array.from(raw.subarray(1871)).buffer);
}

/** Returns the median over the spikes at their peak, less the column's median, in its MADs. */
function snrOf(frames: Uint16Array, columns: number, column: number): number {
  const signal = Float32Array.from(
    { length: frames.length / columns },
    (_, i) => frames[i * columns + column] as number,
  );
  const { median, mad } = sortedMedianMad(signal);
  const peaks = Float32Array.from(tabled.sampleIndex, (index) => signal[index] as number);
  return -(sortedMedianMad(peaks).median - median) / mad;
}
