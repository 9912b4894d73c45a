import { partsOf } from '../base/action-name.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { digestOf } from '../files/digest.ts';
import type { Cause } from '../history/cause.ts';
import { actionIn } from '../history/history.ts';
import type { RunRecord } from '../history/run-record.ts';

/**
 * A digest for each action of a run. Two digests are equal if the causes of their actions are the same all the way down,
 * apart from the name of the recording: then explaining the first action is enough. Visits each action once.
 *
 * @param sourceOf the action that made a changed input; null for a user's file and for other causes
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
      return {
        port: cause.port,
        step: from.step,
        other: same ? null : from.recording,
        isNew: cause.from === null,
        isGone: cause.to === null,
        why: shapeOf(source),
      };
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
