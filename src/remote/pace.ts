/** Ends a request whose average speed is too low, even if it never stalls. */
import type { Limits } from './limits.ts';

export interface Pace {
  /** Aborted when the request is too slow, or together with the outer signal. */
  readonly signal: AbortSignal;
  /** To be called with the number of bytes that moved; they earn time. */
  moved(bytes: number): void;
  /** The amount and the time of a request that was too slow; undefined before that. */
  tooSlow(): string | undefined;
  /** Must be called: the clock runs until then. */
  end(): void;
}

export function startPace({ allowanceMs, leastBytesPerSecond }: Limits, outer: AbortSignal): Pace {
  const late = new AbortController();
  const began = performance.now();
  let total = 0;
  let timer = setTimeout(check, allowanceMs);

  function check(): void {
    const left = began + allowanceMs + (1000 * total) / leastBytesPerSecond - performance.now();
    if (left > 0) timer = setTimeout(check, Math.ceil(left));
    else late.abort();
  }

  return {
    signal: AbortSignal.any([outer, late.signal]),
    moved(bytes) {
      total += bytes;
    },
    tooSlow: () =>
      late.signal.aborted ? `${total} bytes in ${((performance.now() - began) / 1000).toFixed(1)} s` : undefined,
    end: () => clearTimeout(timer),
  };
}
