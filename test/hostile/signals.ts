/** Complete recordings with bad signals, which NumPy would accept. */
import { type HostileInput, input } from './hostile-input.ts';
import { frames, goodMea, recordingOf, spikes, trace } from './recording.ts';

/** The good trace with some samples replaced. */
function changed(change: (values: Float32Array) => void, at: readonly number[] = spikes): Float32Array {
  const values = trace(at);
  change(values);
  return values;
}

const signal = (name: string, description: string, juxta: () => Float32Array): HostileInput =>
  input(name, description, () => recordingOf({ juxta: juxta() }));

const mapped = (map: (value: number, sample: number) => number) => () => trace().map(map);

export const signals: readonly HostileInput[] = [
  input('good', 'the good recording, from which the others are made', () => recordingOf()),
  signal('nan', 'three samples are NaN', () => changed((values) => values.fill(Number.NaN, 20_000, 20_003))),
  signal('infinite', 'a sample is -Infinity', () =>
    changed((values) => {
      values[7] = -Infinity;
    }),
  ),
  signal(
    'constant',
    'the trace is constant',
    mapped(() => -3),
  ),
  signal(
    'mad-0',
    'the trace is 0 but for the spikes',
    mapped((value) => (value < -10 ? value : 0)),
  ),
  signal(
    'all-negative',
    'the whole trace is far below 0',
    mapped((value) => value - 500),
  ),
  signal('no-spikes', 'only noise', () => trace([])),
  signal('one-spike', 'a single spike', () => trace(spikes.slice(0, 1))),
  signal('few-spikes', 'fewer spikes than are drawn for waveforms', () => trace(spikes.slice(0, 120))),
  signal('edges', 'spikes so near both ends that their windows leave the recording', () =>
    trace([5, 12, ...spikes, 39_975, 39_996]),
  ),
  signal(
    'plateaus',
    'every spike has five equal samples at its peak',
    mapped((value) => Math.max(value, -20)),
  ),
  signal(
    'saturated',
    'the amplifier saturates',
    mapped((value) => Math.max(value, -72)),
  ),
  signal(
    'huge',
    'values near the largest float32',
    mapped((value) => value * 3e36),
  ),
  signal(
    'alternating',
    'the largest values with alternating signs, so that differences overflow',
    mapped((_, i) => (i % 2 ? 3e38 : -3e38)),
  ),
  signal(
    'denormal',
    'values near the smallest float32',
    mapped((value) => value * 1e-43),
  ),
  input('array-constant', 'an array that sees nothing', () =>
    recordingOf({ mea: Buffer.concat([goodMea.subarray(0, 1871), new Uint8Array(frames().fill(32_767).buffer)]) }),
  ),
];
