/** A sweep along one of its parameters, the others held: what a matrix and a panel of the figure show. */
import type { Json } from '../base/json.ts';
import type { Sweep, SweptAxis, SweptRun } from './sweep.ts';

/** A value as a person writes it. */
export const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The runs that differ in one parameter only. */
export interface Facet {
  /** The parameter along it. */
  readonly axis: SweptAxis;
  readonly runs: readonly SweptRun[];
  readonly values: readonly Json[];
  /** Where the pipeline's own value stands among the values; -1 where it does not. */
  readonly own: number;
  /** The other parameters, as `step.param=value`. */
  readonly held: readonly string[];
}

/** Along the parameter with the most values; the first of several. */
export function facetsOf({ axes, runs }: Sweep): readonly Facet[] {
  const longest = Math.max(0, ...axes.map(({ values }) => values.length));
  const along = axes.findIndex(({ values }) => values.length === longest);
  const axis = axes[along];
  if (!axis) return [];
  const facets = new Map<string, SweptRun[]>();
  for (const run of runs) {
    const held = JSON.stringify(run.values.filter((_, i) => i !== along));
    facets.set(held, [...(facets.get(held) ?? []), run]);
  }
  return [...facets.values()].map((own) => {
    const values = own.map((run) => run.values[along] ?? null);
    const held = axes.flatMap(({ parameter }, i) =>
      i === along ? [] : [`${parameter}=${valueText(own[0]?.values[i] ?? null)}`],
    );
    return { axis, runs: own, values, own: values.findIndex((value) => isSame(value, axis.own)), held };
  });
}

const isSame = (a: Json, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Values with one headline, by where they stand: neighbours where they are numbers, else any. */
interface Stretch {
  readonly headline: string | null;
  readonly at: readonly number[];
}

function stretchesOf({ values, runs }: Facet, row: number): readonly Stretch[] {
  const isOrdered = values.every((value) => typeof value === 'number');
  const stretches: Stretch[] = [];
  for (const [i, { headlines }] of runs.entries()) {
    const headline = headlines[row] ?? null;
    const candidates = isOrdered ? stretches.slice(-1) : stretches;
    const same = candidates.find((one) => one.headline === headline);
    if (same) stretches[stretches.indexOf(same)] = { headline, at: [...same.at, i] };
    else stretches.push({ headline, at: [i] });
  }
  return stretches;
}

/**
 * `accept from 6 to 9.5`: at which values, the pipeline's own among them, the row's headline holds. Where its own is
 * not among the values: what holds where.
 */
export function holdsText(facet: Facet, row: number): string {
  const { values, own } = facet;
  const stretches = stretchesOf(facet, row);
  const around = stretches.filter(({ at }) => at.includes(own));
  const text = ({ headline, at }: Stretch): string => {
    const found = at.map((i) => values[i] ?? null);
    const [first = null, last = null] = [found[0], found.at(-1)];
    const isRange = found.length > 1 && typeof first === 'number';
    const where = isRange ? `from ${valueText(first)} to ${valueText(last)}` : `at ${found.map(valueText).join(', ')}`;
    return `${headline ?? 'nothing'} ${where}`;
  };
  return (around.length > 0 ? around : stretches).map(text).join(', ');
}

/** Whether all values give the row one headline. */
export const isSteady = ({ runs }: Facet, row: number): boolean =>
  runs.every(({ headlines }) => headlines[row] === runs[0]?.headlines[row]);
