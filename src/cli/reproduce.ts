import { relative } from 'node:path';
import { type Request, requestOf } from '../load/request.ts';

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command that reproduces an action of a request. */
export function reproduceCommand({ pipeline, overrides, on, store, out }: Request, action: string): string {
  const { profile, each, set = [] } = overrides;
  const usual = requestOf({ pipeline });
  const words = [
    'groundproof',
    'run',
    relative(process.cwd(), pipeline),
    action,
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(each === undefined ? [] : ['--each', each]),
    ...set.flatMap((setting) => ['--set', setting]),
    ...(on === null ? [] : ['--on', on]),
    ...(store === usual.store ? [] : ['--store', relative(process.cwd(), store)]),
    ...(out === usual.out ? [] : ['--out', relative(process.cwd(), out)]),
  ];
  return words.map(quoted).join(' ');
}
