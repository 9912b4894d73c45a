import { relative } from 'node:path';
import type { Request } from '../run/request.ts';

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command that runs one action of a request again. */
export function reproduceCommand({ pipeline, overrides }: Request, action: string): string {
  const { profile, each, set = [] } = overrides;
  const words = [
    'groundwork',
    'run',
    relative(process.cwd(), pipeline),
    action,
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(each === undefined ? [] : ['--each', each]),
    ...set.flatMap((one) => ['--set', one]),
  ];
  return words.map(quoted).join(' ');
}
