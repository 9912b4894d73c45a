/** Compares verdicts with the published decisions; a borderline verdict neither agrees nor differs. */
import type { Decision } from './published.ts';

export interface Compared {
  readonly published: string | null;
  readonly agrees: boolean | null;
}

/** Tells whether a verdict agrees with the published decision; null if there is no decision or the verdict is borderline. */
export function agreesWith(published: Decision | null, verdict: string): boolean | null {
  if (published === null || verdict === 'borderline') return null;
  return (published === 'rejected') === (verdict === 'reject');
}

/** Counts the recordings with a published decision, and among them the verdicts that agree, differ or are borderline. */
export function agreementCounts(compared: readonly Compared[]) {
  const known = compared.filter(({ published }) => published !== null);
  const count = (of: boolean | null) => known.filter(({ agrees }) => agrees === of).length;
  return { known: known.length, agree: count(true), differ: count(false), borderline: count(null) };
}
