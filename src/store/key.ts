/** The key of an action: SHA-256 of its canonical preimage, which contains everything that could change its result. */
import { canonicalJson, type Json, type JsonObject } from '../base/json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import type { OutputPort } from '../task/ports.ts';

export type Key = string & { readonly brand: 'Key' };

/**
 * The version of the preimage's shape and of the bytes that the engine's own writers make (tables, figures). A test fails
 * if those bytes change and this number does not.
 */
export const FORMAT = 2;

export interface Preimage {
  readonly format: number;
  readonly task: TaskIdentity;
  /** After defaults, every name present, `{recording}` filled in. */
  readonly params: JsonObject;
  readonly inputs: { readonly [port: string]: InputIdentity };
  readonly outputs: { readonly [port: string]: OutputPort };
}

export type TaskIdentity =
  /** `code`: digest of the normalised bundle; `packages`: name@version of the npm packages it reaches. */
  | { readonly kind: 'module'; readonly code: Digest; readonly packages: readonly string[] }
  /** `recording` is present only if the command names it. */
  | {
      readonly kind: 'shell';
      readonly command: string;
      readonly env: { readonly [name: string]: string };
      readonly recording?: string;
      /** Present if the command runs in the project's folder instead of a scratch folder. */
      readonly cwd?: 'project';
    };

export type InputIdentity =
  | InputContent
  /** A missing optional input. */
  | { readonly absent: true }
  /** The user's files that match a pattern, in the order of their paths, which are relative to the pipeline. */
  | { readonly files: readonly { readonly path: string; readonly digest: Digest }[] }
  | { readonly gathered: readonly ({ readonly recording: string } & (InputContent | { readonly absent: true }))[] };

/** The extension counts too, because the action reads the content under a name made of the port and the extension. */
export interface InputContent {
  readonly digest: Digest;
  readonly extension: string;
}

export const keyOf = (preimage: Preimage): Key => digestOf(canonicalJson(preimage as unknown as Json)) as string as Key;
