/** Actions (steps applied to recordings) and their needs. Made by `expand`, executed by `run/`. */
import type { ActionName } from '../base/action-name.ts';
import type { JsonObject } from '../base/json.ts';
import type { Step } from './pipeline.ts';

export interface Graph {
  /** Every action comes after all actions that it needs; otherwise steps and recordings keep the document's order. */
  readonly actions: readonly Action[];
}

export interface Action {
  readonly name: ActionName;
  readonly step: Step;
  readonly recording: string | null;
  /** With `{recording}` filled in. */
  readonly params: JsonObject;
  readonly inputs: { readonly [port: string]: ActionInput };
  /** The actions whose outputs this action takes, without repeats. */
  readonly needs: readonly ActionName[];
}

export type ActionInput =
  /** Relative to the pipeline's folder, `{recording}` filled in. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'files'; readonly pattern: string; readonly except: readonly string[]; readonly at: string }
  | { readonly kind: 'port'; readonly action: ActionName; readonly port: string }
  | {
      readonly kind: 'gathered';
      readonly port: string;
      readonly partial: boolean;
      readonly from: readonly { readonly recording: string; readonly action: ActionName }[];
    };
