import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { positionsOf, readElectrodePositions } from '../../../../tasks/lib/recording/electrode-positions.ts';
import { temporaryFolder } from '../../run-task.ts';

function list(text: string): string {
  const path = join(temporaryFolder(), 'array.csv');
  writeFileSync(path, text);
  return path;
}

test('positionsOf returns positions in the order of the given channels', () => {
  const positions = readElectrodePositions(list('file_channel,x,y\r\n4,0,-1.5\r\n2,30,60\r\n7,0,0\r\n'));
  expect(positionsOf(Int32Array.of(2, 4), positions, 'array.csv')).toEqual([
    [30, 60],
    [0, -1.5],
  ]);
  expect(() => positionsOf(Int32Array.of(1, 2, 3), positions, 'array.csv')).toThrow(
    /array\.csv has no position for 2 of 3 electrodes, the first is file channel 1/,
  );
});

test.each([
  ['', /array\.csv, line 1: expected 'file_channel,x,y', found ''/],
  ['channel,x,y\n', /line 1: expected 'file_channel,x,y', found 'channel,x,y'/],
  ['file_channel,x,y\n1,0\n', /line 2: expected .* such as '69,360,300', found '1,0'/],
  ['file_channel,x,y\n1,0,0\n1,30,0\n', /line 3: file channel 1 comes a second time/],
])('readElectrodePositions names the mistake and its line in %j', (text, message) => {
  expect(() => readElectrodePositions(list(text))).toThrow(message);
});

test('the 252 electrodes of the published array fill a 16 x 16 grid of 30 um except its corners', () => {
  const positions = readElectrodePositions(fileURLToPath(new URL('../../../../data/mea_256.csv', import.meta.url)));
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  const corners = new Set(['0 0', '0 450', '450 0', '450 450']);
  const grid = upTo(256)
    .map((i) => `${30 * (i % 16)} ${30 * Math.floor(i / 16)}`)
    .filter((place) => !corners.has(place));
  expect([...positions.values()].map(([x, y]) => `${x} ${y}`).sort()).toEqual(grid.sort());
  expect([...positions.keys()]).toEqual(upTo(256).filter((c) => ![126, 127, 254, 255].includes(c)));
});
