/** Reads from a task's bundled code how it may affect its thread in ways that `watchThread` cannot see. */
import { readFileSync } from 'node:fs';
import type { Digest } from '../files/digest.ts';
import { FUNCTION_MARK } from '../load/load-module.ts';

export interface CodeFacts {
  readonly text: string;
  /** Node's modules that it imports, by their full names: `node:fs`. */
  readonly modules: readonly string[];
  /** A loaded module stays in memory for good; a loaded function is freed. */
  readonly staysLoaded: boolean;
  /** It may leave timers that do not hold the thread, or modules that stay loaded. */
  readonly mayLeaveTraces: boolean;
  /** It names a module that starts programs, or loads code whose name is known only while it runs. */
  readonly mayStartPrograms: boolean;
}

/** Loads of modules, except of those that the top of the code names in full. */
const LOADS = /\bimport\s*\(|\b(?:createR|r)equire\b(?!\("(?:node|file):)|getBuiltinModule|\bbinding\b/;
const MODULES = /\b(?:require\(|from\s*|import\s*)"(node:[a-z_/]+)"/g;
const UNREF = /\.unref\b/;
const STARTS = /child_process|cluster|worker_threads/;

const cache = new Map<Digest, CodeFacts>();

/** Reads the code of each digest once. */
export function inspectCode({ path, digest }: { readonly path: string; readonly digest: Digest }): CodeFacts {
  let facts = cache.get(digest);
  if (!facts) {
    const text = readFileSync(path, 'utf8');
    const loads = LOADS.test(text);
    facts = {
      text,
      modules: [...new Set([...text.matchAll(MODULES)].map(([, name = '']) => name))],
      staysLoaded: !text.startsWith(FUNCTION_MARK),
      mayLeaveTraces: loads || UNREF.test(text),
      mayStartPrograms: loads || STARTS.test(text),
    };
    cache.set(digest, facts);
  }
  return facts;
}
