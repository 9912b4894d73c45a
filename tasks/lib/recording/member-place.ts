/** Which part of a recording a member of its archive is, by its name; or why it is none although it is called so. */
import type { Header } from 'tar-stream';
import { isPrintable } from './shown.ts';

export type Kind = 'mea' | 'juxta' | 'text' | 'triggers';

export interface Place {
  readonly kind: Kind;
  /** Its name without the ending. */
  readonly stem: string;
}

/** In the order in which they are tried. */
const endings: readonly (readonly [Kind, string])[] = [
  ['juxta', '.juxta.raw'],
  ['mea', '.raw'],
  ['triggers', '.triggers.npy'],
  ['text', '.txt'],
];

export const titles = {
  mea: 'MEA file',
  juxta: 'juxtacellular trace',
  text: 'text file',
  triggers: 'trigger list',
} as const;

export const suffixOf = (kind: Kind): string => endings.find(([candidate]) => candidate === kind)?.[1] ?? '';

/** What file systems take, in bytes. */
const longestName = 255;

/** The place of a member; undefined where its name is that of no part. */
export function placeOf(name: string, header: Header): Place | { readonly unfit: string } | undefined {
  const folders = name.split('/');
  const file = folders.pop() ?? '';
  const ending = endings.find(([, suffix]) => file.length > suffix.length && file.endsWith(suffix));
  // `._x` holds what macOS knows about `x`.
  if (ending === undefined || file.startsWith('._')) return undefined;
  const unfit = unfitType(header) ?? unfitName(folders, file);
  return unfit === undefined ? { kind: ending[0], stem: name.slice(0, -ending[1].length) } : { unfit };
}

/** Types that hold no content, or not as it lies there; tar-stream gives null for one that it does not know. */
function unfitType({ type, pax }: { type: Header['type'] | null; pax?: unknown }): string | undefined {
  if (type === null) return 'a member of an unknown or sparse type';
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'))) return 'a sparse file';
  if (type === 'link' || type === 'symlink') return `a ${type === 'link' ? 'hard' : 'symbolic'} link`;
  if (type === 'file' || type === 'contiguous-file') return undefined;
  return `a ${type.replace('-', ' ')}`;
}

function unfitName(folders: readonly string[], file: string): string | undefined {
  if (folders[0] === '') return 'an absolute path';
  if (folders.includes('..')) return 'a path that leaves its folder';
  if (folders.length > 1) return 'in a folder within a folder';
  if (![...folders, file].every(isPrintable)) return 'a name with control characters';
  const bytes = Buffer.byteLength(file);
  return bytes > longestName ? `a name of ${bytes} bytes, more than ${longestName}` : undefined;
}
