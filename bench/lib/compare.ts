/** Benchmarks as ratios: what is compared runs in turns, round by round, so that a slow minute of the machine hits all alike. */
export interface Contestant {
  readonly name: string;
  /** Does the work once. What measures itself (another process, say) returns what it measured. */
  readonly run: () => unknown;
}

interface Measured {
  readonly milliseconds: number;
}

interface Timing {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Of the medians: this one's to the reference's. */
  readonly ratio: number;
}

export interface Comparison {
  readonly title: string;
  /** What the ratios refer to: the first contestant. */
  readonly reference: string;
  readonly rounds: number;
  readonly timings: readonly Timing[];
}

/** Runs every contestant once to warm up, then all of them in turn, `rounds` times over; the first is the reference. */
export async function compare(title: string, contestants: readonly Contestant[], rounds = 7): Promise<Comparison> {
  const [reference] = contestants;
  if (!reference) throw new Error(`nothing to compare: ${title}`);
  const times = contestants.map((): number[] => []);
  for (const { run } of contestants) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of contestants.entries()) times[i]?.push(await milliseconds(run));
  }
  const medians = times.map(median);
  const timings = contestants.map(({ name }, i) => ({
    name,
    median: medians[i] as number,
    fastest: Math.min(...(times[i] as number[])),
    slowest: Math.max(...(times[i] as number[])),
    ratio: (medians[i] as number) / (medians[0] as number),
  }));
  return { title, reference: reference.name, rounds, timings };
}

async function milliseconds(run: Contestant['run']): Promise<number> {
  const start = performance.now();
  const own = await run();
  const passed = performance.now() - start;
  return typeof own === 'object' && own !== null && 'milliseconds' in own ? (own as Measured).milliseconds : passed;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] as number) + upper) / 2;
}
