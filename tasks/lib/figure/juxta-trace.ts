import type { Mark, PathEncodeEntry, Spec } from 'vega';
import { type DrawnTrace, type Plot, type Stretch, type TracePaths, tracePaths } from './juxta-trace-paths.ts';
import { guideExtent, type Noise, noiseBands, noiseLines, type PeakSign } from './noise-guides.ts';
import { domainOf } from './numbers.ts';
import { colors, figureSpec } from './theme.ts';

/** Margins of the plot for axes, in pixels: fixed, so that a page's script knows the position of the plot. */
export const traceMargin = { left: 58, right: 14, top: 10, bottom: 42 } as const;

/** The plot of a trace; the whole trace and all guides fit its y axis, so that zooming does not change it. */
export function tracePlot(
  { low, high }: DrawnTrace,
  noise: Noise,
  sign: PeakSign,
  size: { readonly width: number; readonly height: number },
): Plot {
  return {
    ...size,
    yDomain: domainOf([...domainOf(low, 0), ...domainOf(high, 0), ...guideExtent(noise, sign)], 0.04),
  };
}

/** Signals of `juxtaTrace` that a page's script sets to show another stretch. */
export const traceSignals = (trace: DrawnTrace, stretch: Stretch, plot: Plot): Stretch & TracePaths => ({
  ...stretch,
  ...tracePaths(trace, stretch, plot),
});

/**
 * A stretch of the juxta trace with noise and threshold. A page's script redraws it by its signals; without a script,
 * the page shows the first stretch.
 */
export function juxtaTrace(
  trace: DrawnTrace,
  { noise, sign }: { readonly noise: Noise; readonly sign: PeakSign },
  stretch: Stretch,
  plot: Plot,
): Spec {
  const { width, height, yDomain } = plot;
  const direction = { axis: 'y', scale: 'y', across: width } as const;
  const path = (signal: keyof TracePaths, look: PathEncodeEntry): Mark => ({
    type: 'path',
    interactive: false,
    aria: false,
    encode: { enter: look, update: { path: { signal } } },
  });
  const round = { strokeCap: { value: 'round' as const }, strokeJoin: { value: 'round' as const } };
  const outline = { fill: { value: 'white' }, fillOpacity: { value: 0.01 }, stroke: { value: colors.threshold } };
  const spec = figureSpec({
    description: 'The juxtacellular trace with its spikes, against noise and detection threshold.',
    width,
    height,
    scales: [
      { name: 'x', type: 'linear', domain: { signal: '[from, to]' }, range: 'width', zero: false, nice: false },
      { name: 'y', type: 'linear', domain: [...yDomain], range: 'height', zero: false },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'time (s)', tickCount: Math.max(3, Math.floor(width / 90)) },
      { orient: 'left', scale: 'y', title: 'juxta signal (trace units)', tickCount: 6, titleX: -46 },
    ],
    marks: [
      noiseBands(noise, direction),
      path('envelope', {
        fill: { value: colors.trace },
        stroke: { value: colors.trace },
        strokeWidth: { value: 0.5 },
        opacity: { value: 0.5 },
      }),
      path('samples', { stroke: { value: 'white' }, strokeWidth: { value: 3 }, ...round }),
      path('samples', { stroke: { value: colors.ink }, strokeWidth: { value: 1.2 }, ...round }),
      ...noiseLines(noise, sign, direction),
      path('spikes', { stroke: { value: colors.data }, strokeWidth: { value: 4 }, ...round }),
      path('marginalSpikes', { ...outline, strokeWidth: { value: 1.6 } }),
      path('belowThreshold', { ...outline, strokeWidth: { value: 1.6 } }),
    ],
  });
  const signals = Object.entries(traceSignals(trace, stretch, plot)).map(([name, value]) => ({ name, value }));
  return { ...spec, background: 'transparent', autosize: 'none', padding: traceMargin, signals };
}
