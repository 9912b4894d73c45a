import { DataError } from 'groundproof/task';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../../../tasks/lib/replica/facts.ts';

const entry = { n_spikes: 3, median: 0.1, mad: 1.5, threshold: -12.1, n_samples: 1000 };
const read = (changed: object) =>
  readFacts(JSON.stringify({ recordings: { a: { ...entry, ...changed } } }), 'f.yaml', 'a');

test('readFacts reads the entry of a recording and ignores other keys', () => {
  const yaml =
    'recordings:\n  a: { n_spikes: 3, median: 0.1, mad: 1.5, threshold: -12.1, threshold_sd: 0.1, n_samples: 1000 }\n';
  expect(readFacts(yaml, 'f.yaml', 'a')).toEqual({
    nSpikes: 3,
    median: 0.1,
    mad: 1.5,
    threshold: -12.1,
    nSamples: 1000,
  });
});

describe('refusing facts', () => {
  test.each([
    [{ n_spikes: 2.5 }, "f.yaml: a: 'n_spikes' must be a whole number of at least 0, found 2.5"],
    [{ n_samples: 20 }, "'n_samples' must be a whole number of at least 21, found 20"],
    [{ median: 'low' }, '\'median\' must be a number, found "low"'],
    [{ mad: undefined }, "'mad' must be a number, found nothing"],
    [{ mad: -1.5 }, "'mad' must be above 0, found -1.5"],
    [{ threshold: -11.9 }, "'threshold' must be -(median + 8 mad) = -12.1000, found -11.9"],
    [{ median: -3, threshold: -9 }, 'the threshold lies 4.0 MAD below the median; a replica needs at least 7'],
  ])('readFacts refuses %j', (changed, message) => {
    expect(() => read(changed)).toThrow(DataError);
    expect(() => read(changed)).toThrow(message);
  });

  test('readFacts refuses a file without a map of recordings', () => {
    expect(() => readFacts('recordings: [', 'f.yaml', 'a')).toThrow('f.yaml is not valid YAML');
    expect(() => readFacts('', 'f.yaml', 'a')).toThrow("f.yaml has no map 'recordings'");
    expect(() => readFacts('recordings: { b: {} }', 'f.yaml', 'a')).toThrow(
      "no entry 'a' under 'recordings' (it has b)",
    );
    expect(() => readFacts('recordings: {}', 'f.yaml', 'constructor')).toThrow("no entry 'constructor'");
  });
});
