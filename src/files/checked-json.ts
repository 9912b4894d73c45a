/**
 * Records: JSON with a digest on the line below, which covers the record's name as well. A torn or damaged record counts
 * as absent, and so does one that lies under another's name: each can be made again, and a flipped bit in a parameter or
 * a port's name would otherwise pass for what it is not.
 */
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeAside, writeAsideAsync } from './atomic-write.ts';
import { type Digest, digestOf } from './digest.ts';
import { againIfStale } from './nfs.ts';
import { isDamage, readStoredIfSound } from './read-file.ts';
import { requireRealFolders } from './real-folders.ts';

export function writeRecord(path: string, value: unknown): void {
  requireRealFolders(path);
  writeAside(path, textOf(path, value));
}

/** The same, without making others wait for the disk; it appears no sooner than what it rests on. */
export async function writeRecordAsync(path: string, value: unknown, rests: Promise<void>): Promise<void> {
  requireRealFolders(path);
  await writeAsideAsync(path, textOf(path, value), rests);
}

/** Its file and folder: where the whole store lies may change. */
const nameOf = (path: string): string => `${basename(dirname(path))}/${basename(path)}`;

const digestUnder = (name: string, text: string): Digest => digestOf(`${name}\n${text}`);

function textOf(path: string, value: unknown): string {
  const text = JSON.stringify(value);
  return `${text}\n${digestUnder(nameOf(path), text)}\n`;
}

/** Undefined when there is none, or it is not what was written under this name. */
export function readRecord<R>(path: string): R | undefined {
  const read = readWritten(path);
  return read?.isNamed ? (JSON.parse(read.text) as R) : undefined;
}

/**
 * The same, and also a record of an older groundproof, whose digest does not cover its name: for what says itself what it
 * is, and is compared with that by its reader.
 */
export function readRecordOfAnyAge<R>(path: string): R | undefined {
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

/** Asked first: most often there is none, and to throw takes seven times as long. */
function isFile(path: string): boolean {
  try {
    return againIfStale(() => statSync(path, { throwIfNoEntry: false }))?.isFile() ?? false;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}
