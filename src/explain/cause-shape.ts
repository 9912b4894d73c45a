import { partsOf } from '../base/action-name.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { digestOf } from '../files/digest.ts';
import type { Cause } from '../history/cause.ts';
import { actionIn } from '../history/history.ts';
import type { RunRecord } from '../history/run-record.ts';

/**
 * One digest for each action of a run, equal for two of them whose causes are the same all the way down, but for
 * the name of the recording: what is said of one then need not be said of the other. Each action is visited once.
 *
 * @param sourceOf the action that made a changed input; null for a user's file and for what is no input
 */
export function causeShapes(
  record: RunRecord,
  causesOf: (action: string) => readonly Cause[],
  sourceOf: (action: string, cause: Cause) => string | null,
): (action: string) => string {
  const shapes = new Map<string, string>();
  const shapeOf = (action: string): string => {
    const known = shapes.get(action);
    if (known !== undefined) return known;
    const { step, recording } = partsOf(action);
    const { outcome, failure, by } = actionIn(record, action) ?? {};
    const causes = causesOf(action).map((cause) => {
      const source = sourceOf(action, cause);
      if (cause.cause !== 'input-changed' || source === null) return { ...cause };
      const from = partsOf(source);
      const same = from.recording === recording;
      const [was, is] = [cause.from !== null, cause.to !== null];
      return { port: cause.port, step: from.step, other: same ? null : from.recording, was, is, why: shapeOf(source) };
    });
    const shape = digestOf(
      canonicalJson({
        step,
        outcome: outcome ?? null,
        failure: failure ?? null,
        by: by ?? [],
        causes,
      } as unknown as Json),
    );
    shapes.set(action, shape);
    return shape;
  };
  return shapeOf;
}
