/**
 * Tells whether a remote cache is worth its time. The clock runs while actions wait for the cache; results from it, and a
 * part of the work done without it, earn time. So a slow cache costs a run a bounded time, in proportion to the run.
 */

/** The share of the work done without the cache that may be spent waiting in vain. */
const SHARE_OF_EXECUTED = 0.1;

export interface Patience {
  /** Called when an action begins to wait. */
  begin(): Waiting;
  /** Called with the time that an action took without the cache. */
  executed(milliseconds: number): void;
}

interface Waiting {
  /** The result that is coming is worth this long a wait. */
  expect(milliseconds: number): void;
  /** Called when the action stops waiting, with the work that the result saved it. */
  end(savedMilliseconds: number): void;
}

/** `onSpent` is called at most once, when actions have waited longer than the results were worth. */
export function startPatience(mostMs: number, onSpent: (waitedMs: number, savedMs: number) => void): Patience {
  let [waiting, since, waitedBefore] = [0, 0, 0];
  let [saved, executed, expected] = [0, 0, 0];
  let timer: NodeJS.Timeout | undefined;
  let isSpent = false;
  const waited = () => waitedBefore + (waiting > 0 ? performance.now() - since : 0);
  const left = () => mostMs + saved + expected + SHARE_OF_EXECUTED * executed - waited();

  const check = () => {
    clearTimeout(timer);
    if (waiting === 0 || isSpent) return;
    const rest = left();
    if (rest > 0) {
      timer = setTimeout(check, Math.min(Math.ceil(rest), 2 ** 31 - 1));
      return;
    }
    isSpent = true;
    onSpent(waited(), saved);
  };

  return {
    begin() {
      if (waiting++ === 0) since = performance.now();
      check();
      let worth = 0;
      return {
        expect(milliseconds) {
          worth = milliseconds;
          expected += worth;
        },
        end(savedMilliseconds) {
          expected -= worth;
          saved += savedMilliseconds;
          if (waiting === 1) waitedBefore = waited();
          waiting--;
          check();
        },
      };
    },
    executed(milliseconds) {
      executed += milliseconds;
    },
  };
}
