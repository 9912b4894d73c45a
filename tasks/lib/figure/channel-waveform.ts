import type { Mark } from 'vega';
import { domainOf, rounded } from './numbers.ts';
import { colors, panel } from './theme.ts';
import { channelOf, type Waveforms } from './waveform-table.ts';

/** A channel's median waveform with a band of 1 MAD, and axes in ms and converter units. */
export function channelPanel(
  figure: Waveforms,
  { channel, title, samplingRate }: { readonly channel: number; readonly title: string; readonly samplingRate: number },
  place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Mark {
  const { median, mad } = channelOf(figure, channel);
  const values = Array.from(median, (value, i) => ({
    time: rounded(((figure.samples[i] as number) * 1000) / samplingRate),
    median: rounded(value),
    low: rounded(value - (mad[i] as number)),
    high: rounded(value + (mad[i] as number)),
  }));
  const times = domainOf(
    values.map(({ time }) => time),
    0,
  );
  const extent = domainOf(
    values.flatMap(({ low, high }) => [low, high]),
    0.06,
  );
  const look = (encode: object) => ({
    interactive: false,
    aria: false,
    from: { data: 'waveform' },
    encode: { enter: { x: { scale: 'time', field: 'time' }, ...encode } },
  });
  return panel('channel', place, {
    title: { text: title, fontSize: 12, color: colors.highlight, offset: 6 },
    data: [{ name: 'waveform', values }],
    scales: [
      { name: 'time', type: 'linear', domain: times, range: 'width', zero: false },
      { name: 'value', type: 'linear', domain: extent, range: 'height', zero: false },
    ],
    axes: [
      { orient: 'bottom', scale: 'time', title: 'time from juxta peak (ms)', tickCount: 6 },
      { orient: 'left', scale: 'value', title: 'median \u00b1 1 MAD (ADC units)', tickCount: 6, grid: true },
    ],
    marks: [
      {
        type: 'area',
        ...look({
          y: { scale: 'value', field: 'low' },
          y2: { scale: 'value', field: 'high' },
          fill: { value: colors.highlight },
          fillOpacity: { value: 0.22 },
        }),
      },
      {
        type: 'line',
        ...look({
          y: { scale: 'value', field: 'median' },
          stroke: { value: colors.highlight },
          strokeWidth: { value: 1.8 },
        }),
      },
    ],
  });
}
