import { expect, test } from 'vitest';
import { arrayFrames, simulateRecording } from '../../tasks/lib/synthetic/evaluate.ts';
import { judgeSimulated } from '../../tasks/lib/synthetic/judge-simulated.ts';

const ARRAY = ['array_missed', 'false_spikes', 'second_cell'];
const { simulated } = simulateRecording({ scenario: 'gaussian', level: 0, seed: 4 });
const LENGTH = simulated.trace.length;
const recorded = () => arrayFrames(simulated, { electrodes: 4, snr: 12 }, 4);

/** Judges a recording with these frames by the array's criteria. */
async function heard(frames: Uint16Array, electrodes = 4) {
  const { alone, withArray } = await judgeSimulated(simulated, { frames, electrodes });
  const { criterion, outcome, reason } = (withArray?.criteria ?? {}) as Record<string, ArrayLike<string>>;
  const rows = Array.from(criterion ?? []).flatMap((name, row) => (ARRAY.includes(name) ? [row] : []));
  return {
    outcomes: rows.map((row) => outcome?.[row]),
    reason: reason?.[rows[0] ?? -1] ?? '',
    verdict: withArray?.verdict.verdict?.[0],
    failed: Array.from(criterion ?? []).filter((_, row) => outcome?.[row] === 'failed'),
    why: String(withArray?.verdict.reason?.[0]),
    alone: alone.verdict.verdict?.[0],
  };
}

const column = (frames: Uint16Array, electrode: number) =>
  Uint16Array.from({ length: LENGTH }, (_, frame) => frames[4 * frame + electrode] as number);
const interleaved = (columns: readonly Uint16Array[]) =>
  Uint16Array.from({ length: LENGTH * columns.length }, (_, at) => {
    return columns[at % columns.length]?.[Math.floor(at / columns.length)] as number;
  });

test('an array that sees the cell confirms a complete recording', async () => {
  const { outcomes, verdict, why } = await heard(recorded());
  expect(outcomes).toEqual(['passed', 'passed', 'passed']);
  expect(verdict).toBe('accept');
  expect(why).toContain('the array agrees');
});

test.each<[string, () => Uint16Array, string]>([
  [
    'another recording’s',
    () =>
      arrayFrames(
        simulateRecording({ scenario: 'gaussian', level: 0, seed: 8 }).simulated,
        { electrodes: 4, snr: 12 },
        8,
      ).slice(0, 4 * LENGTH),
    'matched-filter SNR',
  ],
  ['shifted by half of its length', () => rotated(recorded(), 2 * LENGTH), 'matched-filter SNR'],
  ['all zero', () => new Uint16Array(4 * LENGTH), 'no electrode has both noise and a waveform'],
  ['saturated throughout', () => new Uint16Array(4 * LENGTH).fill(65_535), 'no electrode has both noise'],
  ['shorter, and zero after its end', () => recorded().fill(0, 3 * LENGTH), 'it was off, or saturated'],
  ['one signal on every electrode', () => interleaved(Array(4).fill(column(recorded(), 0))), 'all record the same'],
  ['a bit that toggles', () => recorded().map((sample) => 32_767 + (sample & 1)), 'no electrode has both noise'],
  [
    'saturated on both sides',
    () => recorded().map((sample) => (sample > 32_767 ? 65_535 : 0)),
    'no electrode has both',
  ],
  ['alive on one electrode only', () => recorded().map((sample, at) => (at % 4 === 1 ? sample : 0)), 'one electrode'],
  ['saturated for a time', () => recorded().fill(65_535, LENGTH, 2 * LENGTH), 'it was off, or saturated'],
  ['2 ms late', () => rotated(recorded(), -4 * 40), 'more than 1 ms from the pipette’s spikes'],
  ['2 ms early', () => rotated(recorded(), 4 * 40), 'more than 1 ms from the pipette’s spikes'],
  ['5 ms late', () => rotated(recorded(), -4 * 100), 'matched-filter SNR'],
  ['1 ms late from the middle on', () => slipped(recorded(), 2 * LENGTH, 20), 'its clock differs'],
  ['20 ms late in its last quarter', () => slipped(recorded(), 3 * LENGTH, 400), 'for a part of the time only'],
])('an array that is %s is not asked, and rejects nothing', async (_, frames, why) => {
  const { outcomes, reason, verdict, failed } = await heard(frames());
  expect(outcomes.filter((outcome) => outcome !== 'unknown')).toEqual(
    outcomes.includes('unknown') ? ['unasked', 'unasked'] : ['unasked', 'unasked', 'unasked'],
  );
  expect(reason).toContain(why);
  // A clock that differs is a fault of the recording, which the lag shows by itself.
  expect(failed).toEqual(why === 'its clock differs' ? ['array_lag'] : []);
  if (failed.length === 0) expect(verdict).not.toBe('reject');
});

test('a dead electrode among others does not change the array’s answers', async () => {
  const { outcomes, verdict } = await heard(recorded().map((sample, at) => (at % 4 === 0 ? 0 : sample)));
  expect(outcomes).toEqual(['passed', 'passed', 'passed']);
  expect(verdict).toBe('accept');
});

test('an array of a single electrode is not asked, and the pipette alone accepts', async () => {
  const { outcomes, reason, verdict, alone, why } = await heard(column(recorded(), 0), 1);
  expect(outcomes).toEqual(['unasked', 'unasked', 'unasked']);
  expect(reason).toContain('one electrode alone');
  expect([verdict, alone]).toEqual(['accept', 'accept']);
  expect(why).toContain('the array cannot tell');
});

test('the array is not asked about a faint cell', async () => {
  const { outcomes, reason } = await heard(arrayFrames(simulated, { electrodes: 4, snr: 3 }, 4));
  expect(outcomes).toEqual(['unasked', 'unasked', 'unasked']);
  expect(reason).toContain('under 6');
});

/** The frames, all later by `by` from the sample `from` on. */
function slipped(frames: Uint16Array, from: number, by: number): Uint16Array {
  const late = frames.slice();
  late.set(frames.subarray(from, frames.length - 4 * by), from + 4 * by);
  return late;
}

/** The frames from `by` samples on, the others behind them. */
function rotated(frames: Uint16Array, by: number): Uint16Array {
  const turned = new Uint16Array(frames.length);
  const first = by < 0 ? by + frames.length : by;
  turned.set(frames.subarray(first));
  turned.set(frames.subarray(0, first), frames.length - first);
  return turned;
}
