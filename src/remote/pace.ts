/** Ends a request that is too slow, however regularly it moves. */
import type { Limits } from './limits.ts';

export interface Pace {
  /** Aborted when the request is too slow, or with the signal that it was given. */
  readonly signal: AbortSignal;
  /** So many more bytes have moved, which earns time. */
  heard(bytes: number): void;
  /** What was slow, once it is; undefined before. */
  tooSlow(): string | undefined;
  /** Must be called: the clock runs until then. */
  end(): void;
}

export function startPace({ allowanceMs, leastBytesPerSecond }: Limits, outer: AbortSignal): Pace {
  const late = new AbortController();
  const began = performance.now();
  let moved = 0;
  let timer = setTimeout(check, allowanceMs);

  function check(): void {
    const left = began + allowanceMs + (1000 * moved) / leastBytesPerSecond - performance.now();
    if (left > 0) timer = setTimeout(check, Math.ceil(left));
    else late.abort();
  }

  return {
    signal: AbortSignal.any([outer, late.signal]),
    heard(bytes) {
      moved += bytes;
    },
    tooSlow: () =>
      late.signal.aborted ? `${moved} bytes in ${((performance.now() - began) / 1000).toFixed(1)} s` : undefined,
    end: () => clearTimeout(timer),
  };
}
