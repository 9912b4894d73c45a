/** Recognises the parts of a recording among an archive's members by their names. */
import type { Header } from 'tar-stream';
import { isPrintable } from '../printable.ts';

export type PartKind = 'mea' | 'juxta' | 'text' | 'triggers';

export interface Part {
  readonly kind: PartKind;
  /** The member's name without the suffix. */
  readonly stem: string;
}

/** In the order in which they are tried: `.raw` also ends `.juxta.raw`. */
const SUFFIXES: readonly (readonly [PartKind, string])[] = [
  ['juxta', '.juxta.raw'],
  ['mea', '.raw'],
  ['triggers', '.triggers.npy'],
  ['text', '.txt'],
];

export const TITLES = {
  mea: 'MEA file',
  juxta: 'juxtacellular trace',
  text: 'text file',
  triggers: 'trigger list',
} as const;

export const suffixOf = (kind: PartKind): string => SUFFIXES.find(([candidate]) => candidate === kind)?.[1] ?? '';

/** Longest file name in bytes that file systems accept. */
const MAX_NAME_BYTES = 255;

/** The part that a member is; the reason if its name fits but the member is unusable; undefined for other names. */
export function partOf(name: string, header: Header): Part | { readonly unusable: string } | undefined {
  const folders = name.split('/');
  const file = folders.pop() ?? '';
  const match = SUFFIXES.find(([, suffix]) => file.length > suffix.length && file.endsWith(suffix));
  // `._x` holds macOS metadata of `x`.
  if (match === undefined || file.startsWith('._')) return undefined;
  const unusable = unusableType(header) ?? unusableName(folders, file);
  return unusable === undefined ? { kind: match[0], stem: name.slice(0, -match[1].length) } : { unusable };
}

/** Names types without plain content: links, folders, sparse files. tar-stream gives null for an unknown type. */
function unusableType({ type, pax }: { type: Header['type'] | null; pax?: unknown }): string | undefined {
  if (type === null) return 'a member of an unknown or sparse type';
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'))) return 'a sparse file';
  if (type === 'link' || type === 'symlink') return `a ${type === 'link' ? 'hard' : 'symbolic'} link`;
  if (type === 'file' || type === 'contiguous-file') return undefined;
  return `a ${type.replace('-', ' ')}`;
}

function unusableName(folders: readonly string[], file: string): string | undefined {
  if (folders[0] === '') return 'an absolute path';
  if (folders.includes('..')) return 'a path that leaves its folder';
  if (folders.length > 1) return 'in a folder within a folder';
  if (![...folders, file].every(isPrintable)) return 'a name with control characters';
  const bytes = Buffer.byteLength(file);
  return bytes > MAX_NAME_BYTES ? `a name of ${bytes} bytes, more than ${MAX_NAME_BYTES}` : undefined;
}
