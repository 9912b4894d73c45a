/** Reads the published figures of a recording: its entry in recordings.yaml. */
import { DataError } from 'groundproof/task';
import { parseDocument } from 'yaml';
import { HALF_WIDTH, MAD_MULTIPLIER } from './detection-rule.ts';

export interface Facts {
  readonly nSpikes: number;
  readonly nSamples: number;
  /** Median of the whole trace, spikes included, in the trace's own units. */
  readonly median: number;
  /** 1.4826 times the median absolute deviation. */
  readonly mad: number;
  /** The detection level -(median + 8 mad). */
  readonly threshold: number;
}

/** @throws DataError if the entry is missing, incomplete or contradicts itself. */
export function readFacts(yaml: string, fileName: string, recording: string): Facts {
  const document = parseDocument(yaml);
  const [mistake] = document.errors;
  if (mistake) throw new DataError(`${fileName} is not valid YAML: ${mistake.message}`);
  const recordings = (document.toJS() as { recordings?: unknown } | null)?.recordings;
  if (!isRecord(recordings)) throw new DataError(`${fileName} has no map 'recordings'; expected one entry a recording`);
  if (!Object.hasOwn(recordings, recording)) {
    const known = Object.keys(recordings).join(', ');
    throw new DataError(`${fileName} has no entry '${recording}' under 'recordings' (it has ${known}); add one`);
  }
  return checkFacts(recordings[recording], `${fileName}: ${recording}`);
}

function checkFacts(entry: unknown, location: string): Facts {
  const number = (key: string): number => {
    const value = isRecord(entry) ? entry[key] : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new DataError(`${location}: '${key}' must be a number, found ${JSON.stringify(value) ?? 'nothing'}`);
  };
  const count = (key: string, min: number): number => {
    const value = number(key);
    if (Number.isSafeInteger(value) && value >= min) return value;
    throw new DataError(`${location}: '${key}' must be a whole number of at least ${min}, found ${value}`);
  };
  const facts = {
    nSpikes: count('n_spikes', 0),
    nSamples: count('n_samples', 2 * HALF_WIDTH + 1),
    median: number('median'),
    mad: number('mad'),
    threshold: number('threshold'),
  };
  const { median, mad, threshold } = facts;
  if (mad <= 0) throw new DataError(`${location}: 'mad' must be above 0, found ${mad}`);
  const expected = -(median + MAD_MULTIPLIER * mad);
  if (Math.abs(threshold - expected) > 0.05 * mad) {
    throw new DataError(
      `${location}: 'threshold' must be -(median + ${MAD_MULTIPLIER} mad) = ${expected.toFixed(4)}, found ${threshold}`,
    );
  }
  const depth = (median - threshold) / mad;
  if (depth < MIN_DEPTH) {
    throw new DataError(
      `${location}: the threshold lies ${depth.toFixed(1)} MAD below the median; a replica needs at least ` +
        `${MIN_DEPTH}, so that noise alone stays above it`,
    );
  }
  return facts;
}

/** In MADs below the median. */
const MIN_DEPTH = 7;

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
