/** The verdicts at a level of a scenario. */
export interface VerdictLevel<T = unknown> {
  readonly level: number;
  readonly judged: readonly T[];
  /** Mean of the true missed shares. */
  readonly missed: number;
  /** Shares of the recordings. */
  readonly accept: number;
  readonly borderline: number;
  readonly reject: number;
}

export function verdictLevels<T extends { readonly level: number; readonly missed: number; readonly verdict: string }>(
  judged: readonly T[],
): VerdictLevel<T>[] {
  return [...new Set(judged.map(({ level }) => level))].map((level) => {
    const at = judged.filter((recording) => recording.level === level);
    const share = (verdict: string) => at.filter((recording) => recording.verdict === verdict).length / at.length;
    return {
      level,
      judged: at,
      missed: at.reduce((sum, { missed }) => sum + missed, 0) / at.length,
      accept: share('accept'),
      borderline: share('borderline'),
      reject: share('reject'),
    };
  });
}
