/** Names criteria and prints their numbers for the page. */
interface CriterionWords {
  readonly label: string;
  /** Side of the limit on which a value passes; null if unknown. */
  readonly side: 'at least' | 'at most' | null;
  /** `%`: the value is a share of 1. */
  readonly unit: Unit;
}

type Unit = '%' | 'MAD' | 'ms' | 's' | 'sd' | '';

const KNOWN: { readonly [criterion: string]: CriterionWords } = {
  spike_count: { label: 'Spikes', side: 'at least', unit: '' },
  threshold_height: { label: 'Height of the threshold', side: 'at least', unit: 'MAD' },
  edge_fraction: { label: 'Spikes at the threshold', side: 'at most', unit: '%' },
  missed_fraction: { label: 'Missed spikes', side: 'at most', unit: '%' },
  missed_fraction_in_windows: { label: 'Missed spikes in windows', side: 'at most', unit: '%' },
  tail_below_threshold: { label: 'Tail below the threshold', side: 'at most', unit: '%' },
  worst_window: { label: 'Missed spikes in the worst window', side: 'at most', unit: '%' },
  longest_silence: { label: 'Longest silence', side: 'at most', unit: 's' },
  short_silences: { label: 'Time in short silences', side: 'at most', unit: '%' },
  presence: { label: 'Presence', side: 'at least', unit: '%' },
  amplitude_modes: { label: 'Sizes of spikes', side: 'at most', unit: '' },
  amplitude_step: { label: 'Sharpest step of amplitude', side: 'at most', unit: 'sd' },
  amplitude_drift: { label: 'Drift of amplitude', side: 'at most', unit: '' },
  short_intervals: { label: 'Intervals under 1 ms', side: 'at most', unit: '%' },
  double_detections: { label: 'Spikes counted twice', side: 'at most', unit: '%' },
  refractory_contamination: { label: "Other cells' spikes", side: 'at most', unit: '%' },
  clipping: { label: 'Clipped spikes', side: 'at most', unit: '%' },
  noise_change: { label: 'Change of the noise', side: 'at most', unit: '' },
  peak_snr: { label: 'SNR on the array', side: 'at least', unit: '' },
  array_lag: { label: 'Lag of the array', side: 'at most', unit: 'ms' },
  array_missed: { label: 'Missed spikes by the array', side: 'at most', unit: '%' },
  false_spikes: { label: 'Spikes not on the array', side: 'at most', unit: '%' },
  second_cell: { label: 'Spikes of a second cell', side: 'at most', unit: '%' },
  authors_agreement: { label: "Agreement with the authors' spikes", side: 'at least', unit: '%' },
};

/** An unknown criterion keeps its name; a name ending in `_fraction` means a share. */
export function criterionWords(criterion: string): CriterionWords {
  const words = Object.hasOwn(KNOWN, criterion) ? KNOWN[criterion] : undefined;
  const label = criterion.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
  return words ?? { label, side: null, unit: criterion.endsWith('_fraction') ? '%' : '' };
}

/** Prints a value with its unit and about three digits; null is a dash. */
export function amount(value: number | null, unit: Unit): string {
  if (value === null) return '\u2013';
  if (unit === '%') return `${share(value)} %`;
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}

/** Prints a limit with all digits that were given. */
export const limitAmount = (limit: number, unit: Unit): string =>
  unit === '%' ? `${Number((limit * 100).toPrecision(12))} %` : amount(limit, unit);

/** Prints both ends of an interval. */
export function interval(low: number | null, high: number | null, unit: Unit): string {
  if (low === null && high === null) return '\u2013';
  if (low === null) return `up to ${amount(high, unit)}`;
  if (high === null) return `from ${amount(low, unit)}`;
  const from = unit === '%' ? share(low) : digits(low);
  return `${from} to ${amount(high, unit)}`;
}

/** Prints a share in percent. */
function share(value: number): string {
  if (value > 0 && value < 0.00005) return '< 0.01';
  return minus(value === 0 ? '0' : (value * 100).toFixed(Math.abs(value) < 0.01 ? 2 : 1));
}

const digits = (value: number): string =>
  minus(Number.isInteger(value) ? grouped(value) : value.toFixed(Math.abs(value) < 1 ? 2 : 1));

/** Prints a whole number with thin spaces between thousands. */
const grouped = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u2009');

const minus = (text: string): string => text.replace('-', '\u2212');
