/** Benchmarks as ratios: what is compared runs in turns, round by round, so that a slow minute of the machine hits all alike. */
export interface Contestant {
  readonly name: string;
  /** Does the work once. What measures itself (another process, say) returns what it measured. */
  readonly run: () => unknown;
  /** Takes part in so many rounds only: what is slow. */
  readonly rounds?: number;
}

interface Measured {
  readonly milliseconds: number;
  /** The most memory that it had. */
  readonly megabytes?: number;
}

interface Timing {
  readonly name: string;
  /** How many of them the median is of. */
  readonly rounds: number;
  /** Milliseconds. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Of the medians: this one's to the reference's. */
  readonly ratio: number;
  /** The most memory of any round, where it was measured. */
  readonly megabytes?: number;
}

export interface Comparison {
  readonly title: string;
  /** What the ratios refer to: the first contestant. */
  readonly reference: string;
  readonly timings: readonly Timing[];
  /** What is not in it, and why. */
  readonly leftOut?: string;
}

/**
 * Runs every contestant once to warm up, then all of them in turn, `rounds` times over; the first is the reference.
 * Where the first run is what counts (a cold one) or another comparison has just run, `warmUp` is false.
 */
export async function compare(
  title: string,
  contestants: readonly Contestant[],
  rounds = 7,
  { warmUp = true }: { readonly warmUp?: boolean } = {},
): Promise<Comparison> {
  const [reference] = contestants;
  if (!reference) throw new Error(`nothing to compare: ${title}`);
  const all = contestants.map((): Measured[] => []);
  if (warmUp) for (const { run } of contestants) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run, rounds: own = rounds }] of contestants.entries())
      if (round < own) all[i]?.push(await measure(run));
  }
  const times = all.map((measured) => measured.map(({ milliseconds }) => milliseconds));
  const medians = times.map(median);
  const most = all.map((measured) => Math.max(...measured.map(({ megabytes = 0 }) => megabytes)));
  const timings = contestants.map(({ name }, i) => ({
    name,
    rounds: (times[i] as number[]).length,
    median: medians[i] as number,
    fastest: Math.min(...(times[i] as number[])),
    slowest: Math.max(...(times[i] as number[])),
    ratio: (medians[i] as number) / (medians[0] as number),
    ...(most[i] ? { megabytes: most[i] } : {}),
  }));
  return { title, reference: reference.name, timings };
}

async function measure(run: Contestant['run']): Promise<Measured> {
  const start = performance.now();
  const own = await run();
  const passed = performance.now() - start;
  return typeof own === 'object' && own !== null && 'milliseconds' in own
    ? (own as Measured)
    : { milliseconds: passed };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] as number) + upper) / 2;
}
