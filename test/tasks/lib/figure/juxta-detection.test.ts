import { expect, test } from 'vitest';
import { juxtaDetection } from '../../../../tasks/lib/figure/juxta-detection.ts';
import { drawn, noiseOf, texts, uniform } from './drawn.ts';

const samplingRate = 20_000;
const noise = { median: 0.1, mad: 1, threshold: 8.1 };

/** Noise with spikes of a single sample at the given samples. */
function trace(samples: number, at: readonly number[], amplitude: readonly number[]): Float32Array {
  const next = noiseOf(1);
  const signal = Float32Array.from({ length: samples }, () => 0.1 + next());
  at.forEach((sample, i) => {
    signal[sample] = amplitude[i] as number;
  });
  return signal;
}

const figure = (sampleIndex: readonly number[], amplitude: readonly number[], more = {}) => ({
  trace: trace(
    220_000,
    sampleIndex.filter((i) => i < 220_000),
    amplitude,
  ),
  samplingRate,
  peaks: { sampleIndex, amplitude },
  noise,
  seconds: 10,
  peakSign: '-' as const,
  ...more,
});

test('juxtaDetection shows the first seconds, their spikes and the threshold', async () => {
  const labels = texts(await drawn(juxtaDetection(figure([500, 199_999, 200_000, 3_000_000], [-20, -30, -9, -9]))));
  expect(labels).toContain('Juxtacellular spike detection');
  expect(labels.join()).toContain('2 spikes in the first 10 s, 4 spikes in the whole recording');
  expect(labels).toContain('threshold −8.10');
  expect(labels).toContain('median 0.10');
  expect(labels).toContain('time (s)');
  expect(labels).toContain('juxta signal (trace units)');
});

test('juxtaDetection draws a spike of a single sample among 200,000 samples', async () => {
  const svg = await drawn(juxtaDetection(figure([77_777], [-1000])));
  const line = /d="(M[^"]*)"[^>]*fill="#4a5561"|fill="#4a5561"[^>]*d="(M[^"]*)"/.exec(svg);
  const steps = [...(line?.[1] ?? line?.[2] ?? '').matchAll(/[vl][^vlh]*/g)].map(([step]) => step);
  expect(steps.filter((step) => Math.abs(Number(/-?[\d.]+$/.exec(step)?.[0])) > 200)).toHaveLength(2);
});

test('juxtaDetection draws equal data equally, and accepts sample indexes as bigints', async () => {
  const input = figure([500, 900], [-20, -30]);
  const first = await drawn(juxtaDetection(input));
  expect(await drawn(juxtaDetection(input))).toBe(first);
  const peaks = { sampleIndex: BigInt64Array.from([500n, 900n]), amplitude: Float32Array.from([-20, -30]) };
  expect(await drawn(juxtaDetection({ ...input, peaks }))).toBe(first);
});

test('juxtaDetection stays small with a spike in every 20 samples', async () => {
  const next = uniform(3);
  const at = Array.from({ length: 300_000 }, (_, i) => i * 20);
  await drawn(
    juxtaDetection(
      figure(
        at,
        at.map(() => -9 - 90 * next()),
      ),
    ),
  );
});

test('juxtaDetection draws no spikes, a short, an empty and a constant trace, and positive peaks', async () => {
  expect(texts(await drawn(juxtaDetection(figure([], [])))).join()).toContain('no spikes in the whole recording');
  const short = { trace: trace(5_000, [70], [-20]) };
  expect(texts(await drawn(juxtaDetection(figure([70], [-20], short)))).join()).toContain('first 0.25 s');
  expect(texts(await drawn(juxtaDetection(figure([], [], { trace: new Float32Array() })))).join()).toContain('empty');
  const flat = { trace: new Float32Array(200_000), noise: { median: 0, mad: 0, threshold: 0 } };
  await drawn(juxtaDetection(figure([], [], flat)));
  expect(texts(await drawn(juxtaDetection(figure([70], [20], { peakSign: '+' }))))).toContain('threshold 8.10');
});

test('juxtaDetection keeps labels apart if median and threshold are close', async () => {
  const svg = await drawn(juxtaDetection(figure([70], [-50_000])));
  const rows = [...svg.matchAll(/<text [^>]*transform="translate\(792,([-\d.]+)\)"[^>]*>(.*?)<\/text>/g)];
  const y = (label: string) => Number(rows.find(([, , content]) => content?.includes(label))?.[1]);
  expect(y('threshold') - y('median')).toBeGreaterThanOrEqual(42);
});
