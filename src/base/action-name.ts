/** The name of an action: `detect@20160415_patch2` is step `detect` of a recording; `summary` is a step without `each`. */
export type ActionName = string & { readonly brand: 'ActionName' };

/** The parts of an action's name; `recording` is null for a step without `each`. */
export interface ActionParts {
  readonly step: string;
  readonly recording: string | null;
}

export const actionName = ({ step, recording }: ActionParts): ActionName =>
  (recording === null ? step : `${step}@${recording}`) as ActionName;

export function partsOf(action: string): ActionParts {
  const at = action.indexOf('@');
  return at < 0 ? { step: action, recording: null } : { step: action.slice(0, at), recording: action.slice(at + 1) };
}
