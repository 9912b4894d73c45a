import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readTabledSpikes } from '../../../../tasks/lib/replica/tabled-spikes.ts';

const facts = { nSpikes: 3, nSamples: 1000, median: 0, mad: 1, threshold: -8 };
const read = (...rows: string[]) => readTabledSpikes(['sample_index,amplitude', ...rows].join('\n'), 's.csv', facts);

test('readTabledSpikes reads samples and float32 amplitudes', () => {
  const spikes = { sampleIndex: [10, 70, 989], amplitude: [Math.fround(-8.1), -9, -1200] };
  expect(read('10,-8.1', '70,-9', '989,-1.2e3', '')).toEqual(spikes);
  const crlf = 'sample_index,amplitude\r\n10,-8.1\r\n70,-9\r\n989,-1.2e3\r\n';
  expect(readTabledSpikes(crlf, 's.csv', facts)).toEqual(spikes);
});

test.each([
  [['9,-9'], 's.csv, line 2: sample 9 is outside 10..989'],
  [['20,-9', '990,-9'], 'line 3: sample 990 is outside 10..989, where a spike of a recording of 1000 samples'],
  [['20,-9', '79,-9'], 'line 3: sample 79 comes 59 samples after the spike before it; at least 60'],
  [['80,-9', '20,-9'], 'line 3: sample 20 comes -60 samples after'],
  [['20,-8'], 'line 2: amplitude -8 is not beyond the threshold -8'],
  [['20,9'], 'line 2: amplitude 9 is not beyond'],
  [['20'], "line 2: expected a sample index and an amplitude, such as '7895,-14.08', found '20'"],
  [['20,-9,1'], "found '20,-9,1'"],
  [['20.5,-9'], "found '20.5,-9'"],
  [['20,-'], "found '20,-'"],
  [['20,-9', '', '90,-9'], "line 3: expected a sample index and an amplitude, such as '7895,-14.08', found ''"],
  [['20,-9', '90,-9'], 's.csv has 2 spikes, but recordings.yaml says 3'],
])('readTabledSpikes refuses %j', (rows, message) => {
  expect(() => read(...rows)).toThrow(DataError);
  expect(() => read(...rows)).toThrow(message);
});

test('readTabledSpikes refuses another header', () => {
  expect(() => readTabledSpikes('time,amplitude\n', 's.csv', facts)).toThrow(
    "s.csv, line 1: expected 'sample_index,amplitude', found 'time,amplitude'",
  );
  expect(() => readTabledSpikes('', 's.csv', facts)).toThrow("found ''");
});
