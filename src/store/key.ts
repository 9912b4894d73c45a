/** The key of an action: SHA-256 of its canonical preimage, which holds everything that could change its result. */
import { canonicalJson, type Json, type JsonObject } from '../base/json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import type { OutputPort } from '../task/ports.ts';

export type Key = string & { readonly brand: 'Key' };

/**
 * Stands for the shape of the preimage and for the bytes that the engine's own writers make (tables,
 * figures): a golden-bytes test fails when those change and this number has not.
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
  /** `recording` is there only when the command names it. */
  | {
      readonly kind: 'shell';
      readonly command: string;
      readonly env: { readonly [name: string]: string };
      readonly recording?: string;
      /** Where the command runs, if not in a room of its own. */
      readonly cwd?: 'project';
    };

export type InputIdentity =
  | Content
  /** An optional input that is not there. */
  | { readonly absent: true }
  | { readonly gathered: readonly ({ readonly recording: string } & (Content | { readonly absent: true }))[] };

/** The action sees the content under a name made of its port and this extension, so the extension counts too. */
export interface Content {
  readonly digest: Digest;
  readonly extension: string;
}

export const keyOf = (preimage: Preimage): Key => digestOf(canonicalJson(preimage as unknown as Json)) as string as Key;
