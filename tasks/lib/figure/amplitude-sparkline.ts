import type { Spec } from 'vega';
import { dotsPath } from './dots.ts';
import { detectionLevel, type Noise, noiseLines, type PeakSign } from './noise-guides.ts';
import { domainOf, linear, rounded } from './numbers.ts';
import { pathMark } from './pixel-path.ts';
import { colors, figureSpec } from './theme.ts';

const WIDTH = 240;
const HEIGHT = 44;

/**
 * A small figure for a table row: the amplitude of every spike over the recording. Spikes have the sign of the trace;
 * the grey band is the noise within 5 MAD, the dashed line the threshold. There are no axes: the width is the
 * recording's length.
 */
export function amplitudeSparkline(spikes: {
  readonly time: Float64Array | readonly number[];
  readonly amplitude: Float32Array | readonly number[];
  readonly noise: Noise;
  /** Length of the recording in s. */
  readonly duration: number;
  readonly peakSign: PeakSign;
}): Spec {
  const { time, amplitude, noise, duration, peakSign } = spikes;
  const level = detectionLevel(noise, peakSign);
  const edges = [noise.median - 5 * noise.mad, noise.median + 5 * noise.mad].map(rounded);
  const far = peakSign === '+' ? Math.max(...edges) : Math.min(...edges);
  const yDomain = domainOf([noise.median, far, level, ...amplitude], 0.03);
  const x = linear([0, duration], [2, WIDTH - 2]);
  const y = linear(yDomain, [HEIGHT, 0]);
  const dots = Array.from(amplitude, (value, i) => ({ x: x(time[i] as number), y: y(value) }));
  const direction = { axis: 'y', scale: 'y', across: WIDTH } as const;
  const spec = figureSpec({
    description: 'Amplitudes of the spikes over the recording, against the threshold.',
    width: WIDTH,
    height: HEIGHT,
    scales: [{ name: 'y', type: 'linear', domain: yDomain, range: 'height', zero: false }],
    marks: [
      {
        type: 'rect',
        aria: false,
        interactive: false,
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: WIDTH },
            y: { scale: 'y', value: rounded(noise.median) },
            y2: { scale: 'y', value: far },
            fill: { value: colors.band },
            fillOpacity: { value: 0.1 },
          },
        },
      },
      pathMark(
        dotsPath(dots, 1200, (dot) => Math.abs(dot.y - y(level)) < 4),
        { stroke: colors.data, strokeWidth: 1.6, round: true, opacity: 0.75 },
      ),
      ...noiseLines(noise, peakSign, direction).slice(1),
    ],
  });
  return { ...spec, padding: 0, autosize: 'none' };
}
