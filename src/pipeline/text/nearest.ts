/** Finds the right name for a misspelt name. */

const MOST_CHARACTERS = 100;

/**
 * The nearest candidate, or undefined if no candidate is near. Allows an edit per three characters, and at most three
 * edits (an edit inserts, drops, changes or swaps neighbours); ignores capitals. The first of several equally near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const limit = Math.min(3, Math.floor(Math.max(name.length, candidate.length) / 3), bestDistance - 1);
    if (Math.abs(name.length - candidate.length) > limit || candidate.length > MOST_CHARACTERS) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance > limit) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** The candidate that a pattern with `*` comes nearest to. Edits are counted and limited as by `nearest`; `*` costs none. */
export function nearestToPattern(pattern: string, candidates: Iterable<string>): string | undefined {
  const wanted = pattern.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(wanted.replaceAll('*', '').length / 3)) + 1;
  if (wanted.length > MOST_CHARACTERS) return undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), '*');
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * Optimal string alignment distance: Damerau-Levenshtein that edits no part twice.
 * @param wildcard a character of `a` that stands for any characters
 */
export function editDistance(a: string, b: string, wildcard?: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    if (a[i - 1] === wildcard) {
      beforeLast = last;
      last = runningMinimum(last);
      continue;
    }
    const row = [(last[0] ?? 0) + 1];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function runningMinimum(numbers: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY;
  return numbers.map((number) => {
    least = Math.min(least, number);
    return least;
  });
}
