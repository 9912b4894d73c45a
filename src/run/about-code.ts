/** Tells from a task's bundled code what it may do that no look at its thread would show. */
import { readFileSync } from 'node:fs';
import type { Digest } from '../cache/digest.ts';

export interface AboutCode {
  /** In characters. */
  readonly size: number;
  /** Timers that do not hold the thread, or modules that stay loaded. */
  readonly mayLeaveTraces: boolean;
  /** It names what starts programs, or loads code whose name is known only while it runs. */
  readonly mayStartPrograms: boolean;
}

const LOADS = /\bimport\s*\(|\brequire\b|getBuiltinModule|\bbinding\b/;
const UNREF = /\.unref\b/;
const STARTS = /child_process|cluster|worker_threads/;

const known = new Map<Digest, AboutCode>();

/** Reads the code once; the digest is the name by which it is known. */
export function aboutCode({ path, digest }: { readonly path: string; readonly digest: Digest }): AboutCode {
  let about = known.get(digest);
  if (!about) {
    const text = readFileSync(path, 'utf8');
    const loads = LOADS.test(text);
    about = {
      size: text.length,
      mayLeaveTraces: loads || UNREF.test(text),
      mayStartPrograms: loads || STARTS.test(text),
    };
    known.set(digest, about);
  }
  return about;
}
