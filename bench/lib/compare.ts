/**
 * Compares contestants by ratios. They run in turns, round by round, so that a slow minute of the machine affects them
 * all alike.
 */
export interface Contestant {
  readonly name: string;
  /** Does the work once. Returns a `Measurement` if it measures itself (in another process, for example). */
  readonly run: () => unknown;
  /** For slow contestants: the number of rounds in which it takes part. */
  readonly rounds?: number;
}

interface Measurement {
  readonly milliseconds: number;
  /** Peak memory. */
  readonly megabytes?: number;
}

interface Timing {
  readonly name: string;
  readonly rounds: number;
  /** Milliseconds. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** This median divided by the reference's median. */
  readonly ratio: number;
  /** Peak memory of all rounds, if measured. */
  readonly megabytes?: number;
}

export interface Comparison {
  readonly title: string;
  /** The first contestant, to which the ratios refer. */
  readonly reference: string;
  readonly timings: readonly Timing[];
  /** Contestants that did not take part, and the reason. */
  readonly leftOut?: string;
}

/**
 * Runs every contestant once to warm up, then all in turn, `rounds` times; the first contestant is the reference.
 * Set `warmUp` to false for cold runs, or if another comparison has just run.
 */
export async function compare(
  title: string,
  contestants: readonly Contestant[],
  rounds = 7,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Comparison> {
  const [reference] = contestants;
  if (!reference) throw new Error(`nothing to compare: ${title}`);
  const all = contestants.map((): Measurement[] => []);
  if (warmUp) for (const { run } of contestants) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run, rounds: ownRounds = rounds }] of contestants.entries())
      if (round < ownRounds) all[i]?.push(await measure(run));
  }
  const times = all.map((measured) => measured.map(({ milliseconds }) => milliseconds));
  const medians = times.map(median);
  const peaks = all.map((measured) => Math.max(...measured.map(({ megabytes = 0 }) => megabytes)));
  const timings = contestants.map(({ name }, i) => ({
    name,
    rounds: (times[i] as number[]).length,
    median: medians[i] as number,
    fastest: Math.min(...(times[i] as number[])),
    slowest: Math.max(...(times[i] as number[])),
    ratio: (medians[i] as number) / (medians[0] as number),
    ...(peaks[i] ? { megabytes: peaks[i] } : {}),
  }));
  return { title, reference: reference.name, timings };
}

async function measure(run: Contestant['run']): Promise<Measurement> {
  const start = performance.now();
  const returned = await run();
  const milliseconds = performance.now() - start;
  const measuresItself = typeof returned === 'object' && returned !== null && 'milliseconds' in returned;
  return measuresItself ? (returned as Measurement) : { milliseconds };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] as number) + upper) / 2;
}
