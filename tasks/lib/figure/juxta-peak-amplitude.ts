import type { Spec } from 'vega';
import {
  drawnBins,
  type Histogram,
  histogramExtent,
  histogramMarks,
  labelsAbove,
  outlineData,
} from './amplitude-histogram.ts';
import { guideExtent, type Noise, type PeakSign } from './noise-guides.ts';
import { countLabel, domainOf, linear, rounded } from './numbers.ts';
import { figureSpec, message } from './theme.ts';

const WIDTH = 640;
const HEIGHT = 320;

/** The distribution of the juxtacellular spikes' amplitudes, with the noise and the threshold. */
export function juxtaPeakAmplitude(
  histogram: Histogram & { readonly noise: Noise; readonly peakSign?: PeakSign },
): Spec {
  const { noise, peakSign = '-' } = histogram;
  const bins = drawnBins(histogram);
  const spikes = bins.count.reduce((sum, count) => sum + count, 0);
  const xDomain = domainOf([...histogramExtent(bins), ...guideExtent(noise, peakSign)], 0.03);
  const title = 'Amplitudes of juxtacellular spikes';
  const subtitle = spikes === 0 ? 'no spikes' : countLabel(spikes, 'spike');
  return figureSpec({
    title,
    subtitle,
    description: `${title}: ${subtitle}.`,
    width: WIDTH,
    height: HEIGHT,
    data: [outlineData(bins)],
    scales: [
      { name: 'amplitude', type: 'linear', domain: xDomain, range: 'width', zero: false },
      { name: 'count', type: 'linear', domain: [0, Math.max(1, ...bins.count) * 1.05], range: 'height' },
    ],
    axes: [
      { orient: 'bottom', scale: 'amplitude', title: 'juxta amplitude (trace units)', tickCount: 10, zindex: 1 },
      {
        orient: 'left',
        scale: 'count',
        title: `spikes per ${rounded(bins.width)} units`,
        tickCount: 6,
        tickMinStep: 1,
        format: ',d',
        grid: true,
      },
    ],
    marks: [
      ...histogramMarks(noise, peakSign, HEIGHT, 14),
      ...labelsAbove(noise, peakSign, linear(xDomain, [0, WIDTH]), WIDTH),
      ...(spikes === 0 ? [message('no spikes', WIDTH, HEIGHT)] : []),
    ],
  });
}
