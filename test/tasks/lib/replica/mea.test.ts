import { expect, test } from 'vitest';
import { arrayModel } from '../../../../tasks/lib/replica/array-model.ts';
import { mcsHeader } from '../../../../tasks/lib/replica/mcs-header.ts';
import { meaBlocks } from '../../../../tasks/lib/replica/mea-blocks.ts';
import { otherCells } from '../../../../tasks/lib/replica/other-cells.ts';
import { MEA_SHAPE } from '../../../../tasks/lib/replica/spike-shapes.ts';
import { stemOf } from '../../../../tasks/lib/replica/stem-text.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';

test('arrayModel has 252 electrodes of 256 columns, with different noise, and the deepest spike at the cell', () => {
  const { electrodes, nearest, noise, depth } = arrayModel(256, 12, randomSource(5));
  expect(electrodes.length).toBe(252);
  expect([0, 125, 126, 127, 128, 253, 254, 255].filter((column) => electrodes.includes(column))).toEqual([
    0, 125, 128, 253,
  ]);
  expect(depth[nearest]).toBe(12 * (noise[nearest] as number));
  expect(Math.max(...depth)).toBe(depth[nearest]);
  expect([...depth].filter((steps) => steps > (depth[nearest] as number) / 2).length).toBeLessThanOrEqual(5);
  expect([noise[126], noise[255], depth[127], depth[254]]).toEqual([0, 0, 0, 0]);
  expect(new Set(noise).size).toBeGreaterThan(20);
});

test.each([1, 2, 4, 100, 255])('arrayModel makes all of %d columns electrodes', (columns) => {
  const { electrodes, noise } = arrayModel(columns, 10, randomSource(1));
  expect(electrodes).toEqual([...noise.keys()]);
  expect(Math.min(...noise)).toBeGreaterThanOrEqual(50);
});

test('meaBlocks continues spikes across blocks and cuts them at both ends of the recording', () => {
  const silent = { ...arrayModel(2, 10, randomSource(1)), noise: new Float64Array(2) };
  const frames = 300_000;
  const boundary = (1 << 18) / 2;
  const spikes = [10, boundary - 39, boundary + 21, boundary + 2000, frames - 11];
  const cell = { spikes, depth: Float64Array.of(1000, 500), shape: MEA_SHAPE };
  const parts: Buffer[] = [];
  for (const block of meaBlocks(silent, new Float32Array(frames), [cell], randomSource(1)))
    parts.push(Buffer.from(block));
  expect(parts.length).toBe(3);
  const values = new Uint16Array(Uint8Array.from(Buffer.concat(parts)).buffer);
  expect(values.length).toBe(2 * frames);
  const at = (frame: number, column: number) => (values[2 * frame + column] as number) - 32_767;
  for (const spike of spikes) {
    expect([at(spike, 0), at(spike, 1)]).toEqual([-1000, -500]);
    for (let t = -10; t <= 10; t++) expect(at(spike + t, 0)).toBe(at((spikes[3] as number) + t, 0));
  }
  const touched = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => at(frame, 0) !== 0);
  expect(touched.every((frame) => spikes.some((spike) => frame - spike > -21 && frame - spike < 40))).toBe(true);
});

test('otherCells have different places, shapes and spike trains', () => {
  const array = arrayModel(256, 10, randomSource(1));
  const others = otherCells(array, 6_000_000, randomSource(2));
  expect(others.length).toBe(32);
  expect(new Set(others.map(({ depth }) => depth.indexOf(Math.max(...depth)))).size).toBeGreaterThan(20);
  expect(new Set(others.map(({ shape }) => shape.values.join())).size).toBeGreaterThan(20);
  for (const { spikes, depth } of others) {
    expect(spikes.length).toBeGreaterThan(250);
    expect(spikes.length).toBeLessThan(3600);
    expect(spikes.slice(1).every((at, row) => at - (spikes[row] as number) >= 60)).toBe(true);
    expect(Math.max(...depth)).toBeLessThanOrEqual(600);
    expect([126, 127, 254, 255].map((column) => depth[column])).toEqual([0, 0, 0, 0]);
  }
  expect(otherCells(arrayModel(1, 10, randomSource(1)), 1000, randomSource(2)).length).toBe(3);
});

test.each([1, 4, 255, 256])('mcsHeader for %d columns has 1871 bytes and ends in EOH', (columns) => {
  const header = Buffer.from(mcsHeader('a'.repeat(64), columns));
  expect(header.length).toBe(1871);
  expect(header.toString('latin1')).toMatch(/\r\nStreams = El_A1.*EOH\r\n$/s);
  expect(header.toString('latin1').match(/[;=] ?(El|An)_/g)?.length).toBe(columns);
});

test('stemOf turns a published name into its stem', () => {
  expect(stemOf('20160415_patch2')).toBe('patch_2_MEA');
  expect(stemOf('my-cell.3')).toBe('my-cell.3');
});
