/** The runs of a sweep along a single parameter: the contents of a matrix in the text and of a panel in the figure. */
import type { Json } from '../base/json.ts';
import type { Sweep, SweptAxis, SweptRun } from './sweep.ts';

/** Texts without quotes, all other values as JSON. */
export const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Runs that differ only in the parameter of `axis`. */
export interface Facet {
  readonly axis: SweptAxis;
  readonly runs: readonly SweptRun[];
  /** The value of each run. */
  readonly values: readonly Json[];
  /** Index of the pipeline's own value; -1 if it is not among the values. */
  readonly ownIndex: number;
  /** The other parameters, as `step.param=value`. */
  readonly held: readonly string[];
}

/** Facets along the parameter with the most values, or along the first of several such parameters. */
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
  return [...facets.values()].map((members) => {
    const values = members.map((run) => run.values[along] ?? null);
    const held = axes.flatMap(({ parameter }, i) =>
      i === along ? [] : [`${parameter}=${valueText(members[0]?.values[i] ?? null)}`],
    );
    return { axis, runs: members, values, ownIndex: values.findIndex((value) => isSame(value, axis.own)), held };
  });
}

const isSame = (a: Json, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Values with the same headline. If all values are numbers, only neighbours form a stretch. */
interface Stretch {
  readonly headline: string | null;
  /** Indexes of the values. */
  readonly at: readonly number[];
}

function stretchesOf({ values, runs }: Facet, row: number): readonly Stretch[] {
  const isOrdered = values.every((value) => typeof value === 'number');
  const stretches: Stretch[] = [];
  for (const [i, { headlines }] of runs.entries()) {
    const headline = headlines[row] ?? null;
    const candidates = isOrdered ? stretches.slice(-1) : stretches;
    const same = candidates.find((stretch) => stretch.headline === headline);
    if (same) stretches[stretches.indexOf(same)] = { headline, at: [...same.at, i] };
    else stretches.push({ headline, at: [i] });
  }
  return stretches;
}

/**
 * `accept from 6 to 9.5`: the values around the pipeline's own value that give the row the same headline. Lists all
 * headlines and their values if the own value is not among the values.
 */
export function holdsText(facet: Facet, row: number): string {
  const { values, ownIndex } = facet;
  const stretches = stretchesOf(facet, row);
  const around = stretches.filter(({ at }) => at.includes(ownIndex));
  const text = ({ headline, at }: Stretch): string => {
    const found = at.map((i) => values[i] ?? null);
    const [first = null, last = null] = [found[0], found.at(-1)];
    const isRange = found.length > 1 && typeof first === 'number';
    const range = isRange ? `from ${valueText(first)} to ${valueText(last)}` : `at ${found.map(valueText).join(', ')}`;
    return `${headline ?? 'nothing'} ${range}`;
  };
  return (around.length > 0 ? around : stretches).map(text).join(', ');
}

/** Whether all values give the row the same headline. */
export const isSteady = ({ runs }: Facet, row: number): boolean =>
  runs.every(({ headlines }) => headlines[row] === runs[0]?.headlines[row]);
