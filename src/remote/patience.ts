/**
 * Whether asking a remote cache is worth the time. While actions wait for it the clock runs; what it gives, and a part
 * of what is made without it, earns time. So a slow cache costs a run a bounded time, in proportion to the run.
 */

/** Work that was done without the cache allows for so much waiting in vain. */
const SHARE_OF_MADE = 0.1;

export interface Patience {
  /** An action waits from now on. */
  begin(): Waiting;
  /** An action took so long without the cache. */
  made(milliseconds: number): void;
}

interface Waiting {
  /** What is coming is worth so long a wait. */
  expect(milliseconds: number): void;
  /** The action waits no longer, and what it got saved it so much work. */
  end(savedMilliseconds: number): void;
}

/** `spent` is called once at most, when actions have waited for longer than that was worth. */
export function startPatience(mostMs: number, spent: (waitedMs: number, savedMs: number) => void): Patience {
  let [underway, since, waitedBefore] = [0, 0, 0];
  let [saved, made, expected] = [0, 0, 0];
  let timer: NodeJS.Timeout | undefined;
  let isSpent = false;
  const waited = () => waitedBefore + (underway > 0 ? performance.now() - since : 0);
  const left = () => mostMs + saved + expected + SHARE_OF_MADE * made - waited();

  const check = () => {
    clearTimeout(timer);
    if (underway === 0 || isSpent) return;
    const rest = left();
    if (rest > 0) {
      timer = setTimeout(check, Math.min(Math.ceil(rest), 2 ** 31 - 1));
      return;
    }
    isSpent = true;
    spent(waited(), saved);
  };

  return {
    begin() {
      if (underway++ === 0) since = performance.now();
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
          if (underway === 1) waitedBefore = waited();
          underway--;
          check();
        },
      };
    },
    made(milliseconds) {
      made += milliseconds;
    },
  };
}
