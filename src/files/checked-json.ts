/**
 * Checked JSON files: a line of JSON, then a line with a digest that covers the JSON and the file's name. A file that is
 * torn, damaged or renamed counts as missing, because each such file can be made again. Without the digest, a flipped bit
 * in a parameter or in a port's name would go unnoticed.
 */
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeAtomic, writeAtomicAsync } from './atomic-write.ts';
import { type Digest, digestOf } from './digest.ts';
import { retryIfStale } from './nfs.ts';
import { isDamage, readStoredIfSound } from './read-file.ts';
import { requireRealFolders } from './real-folders.ts';

export function writeChecked(path: string, value: unknown): void {
  requireRealFolders(path);
  writeAtomic(path, textOf(path, value));
}

/** Like `writeChecked`, but does not block the event loop. The file appears only after `before` has resolved. */
export async function writeCheckedAsync(path: string, value: unknown, before: Promise<void>): Promise<void> {
  requireRealFolders(path);
  await writeAtomicAsync(path, textOf(path, value), before);
}

/** The last two parts of the path, because the whole store may be moved. */
const nameOf = (path: string): string => `${basename(dirname(path))}/${basename(path)}`;

const digestUnder = (name: string, text: string): Digest => digestOf(`${name}\n${text}`);

function textOf(path: string, value: unknown): string {
  const text = JSON.stringify(value);
  return `${text}\n${digestUnder(nameOf(path), text)}\n`;
}

/** Undefined if the file is missing, damaged, or was written under another name. */
export function readChecked<R>(path: string): R | undefined {
  const read = readWritten(path);
  return read?.isNamed ? (JSON.parse(read.text) as R) : undefined;
}

/**
 * Like `readChecked`, but accepts files of older versions, whose digest does not cover the name. Only for content that
 * names itself (a key, a run), which the caller must compare with the path.
 */
export function readCheckedOfAnyAge<R>(path: string): R | undefined {
  const read = readWritten(path);
  return read && (JSON.parse(read.text) as R);
}

function readWritten(path: string): { readonly text: string; readonly isNamed: boolean } | undefined {
  if (!isFile(path)) return undefined;
  const written = readStoredIfSound(path)?.toString() ?? '';
  const end = written.indexOf('\n');
  if (end <= 0) return undefined;
  const [text, digest] = [written.slice(0, end), written.slice(end)];
  if (digest === `\n${digestUnder(nameOf(path), text)}\n`) return { text, isNamed: true };
  return digest === `\n${digestOf(text)}\n` ? { text, isNamed: false } : undefined;
}

/** Checked before reading: the file is missing most often, and an exception takes seven times as long. */
function isFile(path: string): boolean {
  try {
    return retryIfStale(() => statSync(path, { throwIfNoEntry: false }))?.isFile() ?? false;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}
