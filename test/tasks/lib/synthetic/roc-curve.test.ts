import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verdictLevels } from '../../../../tasks/lib/synthetic/levels.ts';
import { areaUnder, rocCurve } from '../../../../tasks/lib/synthetic/roc-curve.ts';
import { type RatedRecording, rate, witnesses } from '../../../../tasks/lib/synthetic/witnesses.ts';

const scores = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 40 });

test('areaUnder is the share of pairs in which the positive scores higher; ties count half', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const wins = positives.flatMap((p) => negatives.map((n) => (Math.sign(p - n) + 1) / 2));
      const share = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
      expect(areaUnder(rocCurve(positives, negatives))).toBeCloseTo(share, 12);
    }),
  );
});

test('rocCurve has the shares that each limit flags, from nothing to everything', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const curve = rocCurve(positives, negatives);
      const over = (of: number[], limit: number) => of.filter((score) => score > limit).length / of.length;
      for (const { limit, falsePositive, truePositive } of curve) {
        expect([falsePositive, truePositive]).toEqual([over(negatives, limit), over(positives, limit)]);
      }
      expect(curve[0]).toMatchObject({ falsePositive: 0, truePositive: 0 });
      expect(curve.at(-1)).toMatchObject({ falsePositive: 1, truePositive: 1 });
    }),
  );
});

const recording = (missed: number, verdict: string, share: number | null): RatedRecording => ({
  missed,
  verdict,
  edgeFraction: share,
  missedFraction: share,
  inWindows: share,
  amplitudeCutoff: share,
  uncutGaussian: share,
});

test('rate compares recordings that lost many spikes with complete recordings; a share that cannot be estimated does not pass', () => {
  const testimonies = [
    recording(0.2, 'reject', 0.3),
    recording(0.3, 'borderline', null),
    recording(0.05, 'borderline', 0.06),
    recording(0, 'accept', 0),
    recording(0.01, 'borderline', null),
  ];
  const rated = new Map(witnesses.map((witness) => [witness.name, rate(witness, testimonies)]));
  expect(rated.get('reject')).toMatchObject({ truePositive: 0.5, falsePositive: 0, between: 0 });
  expect(rated.get('reject_or_borderline')).toMatchObject({ truePositive: 1, falsePositive: 0.5, between: 1 });
  expect(rated.get('missed_fraction')).toMatchObject({ positives: 2, negatives: 2, truePositive: 1, between: 1 });
  expect(rated.get('amplitude_cutoff')).toMatchObject({ positives: 1, negatives: 1, area: 1, falsePositive: 0 });
});

test('verdictLevels counts verdicts level by level', () => {
  const judged = [
    { level: 5, missed: 0.1, verdict: 'reject' },
    { level: 0, missed: 0, verdict: 'accept' },
    { level: 5, missed: 0.2, verdict: 'accept' },
  ];
  expect(verdictLevels(judged)).toEqual([
    { level: 5, judged: [judged[0], judged[2]], missed: (0.1 + 0.2) / 2, accept: 0.5, borderline: 0, reject: 0.5 },
    { level: 0, judged: [judged[1]], missed: 0, accept: 1, borderline: 0, reject: 0 },
  ]);
});
