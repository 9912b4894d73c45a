/** Reads the spikes of a published recording: a CSV with the columns sample_index and amplitude. */
import { DataError } from 'groundproof/task';
import { HALF_WIDTH, SPACING, THRESHOLD_TOLERANCE } from './detection-rule.ts';
import type { Facts } from './facts.ts';
import type { Spikes } from './spikes.ts';

/**
 * Returns the tabled spikes, with amplitudes rounded to float32.
 *
 * @throws DataError, with the line, for a row that `detect` could not find in a trace with these facts.
 */
export function readTabledSpikes(csv: string, fileName: string, facts: Facts): Spikes {
  const lines = csv.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== 'sample_index,amplitude') {
    throw new DataError(`${fileName}, line 1: expected 'sample_index,amplitude', found '${lines[0] ?? ''}'`);
  }
  const sampleIndex: number[] = [];
  const amplitude: number[] = [];
  for (const [row, text] of lines.slice(1).entries()) {
    const line = `${fileName}, line ${row + 2}`;
    const spike = parseRow(text, line);
    checkPlace(spike.index, sampleIndex.at(-1), facts.nSamples, line);
    const beyond = facts.threshold - THRESHOLD_TOLERANCE * facts.mad;
    if (spike.amplitude >= beyond) {
      throw new DataError(
        `${line}: amplitude ${spike.amplitude} is not beyond the threshold ${facts.threshold} (recordings.yaml)`,
      );
    }
    sampleIndex.push(spike.index);
    amplitude.push(spike.amplitude);
  }
  if (sampleIndex.length !== facts.nSpikes) {
    throw new DataError(`${fileName} has ${sampleIndex.length} spikes, but recordings.yaml says ${facts.nSpikes}`);
  }
  return { sampleIndex, amplitude };
}

const ROW = /^(\d+),(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;

function parseRow(text: string, line: string): { index: number; amplitude: number } {
  const [, index, amplitude] = ROW.exec(text) ?? [];
  if (index === undefined || amplitude === undefined) {
    throw new DataError(`${line}: expected a sample index and an amplitude, such as '7895,-14.08', found '${text}'`);
  }
  return { index: Number(index), amplitude: Math.fround(Number(amplitude)) };
}

function checkPlace(index: number, previous: number | undefined, nSamples: number, line: string): void {
  const last = nSamples - 1 - HALF_WIDTH;
  if (index < HALF_WIDTH || index > last) {
    throw new DataError(
      `${line}: sample ${index} is outside ${HALF_WIDTH}..${last}, where a spike of a recording of ` +
        `${nSamples} samples can be detected`,
    );
  }
  if (previous !== undefined && index - previous < SPACING) {
    throw new DataError(
      `${line}: sample ${index} comes ${index - previous} samples after the spike before it; ` +
        `at least ${SPACING} are needed, in ascending order`,
    );
  }
}
