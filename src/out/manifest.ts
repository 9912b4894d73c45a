/**
 * The manifest of `out/`: which files groundproof put there, for which action, for which pipeline. Only these are ever
 * replaced or removed. Each line carries a checksum, so a damaged line cannot list a file of the user's.
 */
import { closeSync, constants, fstatSync, fsyncSync, lstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAtomic } from '../files/atomic-write.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { isInside } from '../files/file-names.ts';
import { flushOpen } from '../files/flush.ts';
import { inFolder, makeFolder } from '../files/make-folder.ts';
import { readStoredIfSound } from '../files/read-file.ts';
import { blobSignature, type Signature } from '../files/signature.ts';
import { STATE } from './state.ts';

/** A file as it was when it was put there; the signature is null while it is being put. */
interface Listed {
  readonly digest: Digest;
  readonly signature: Signature | null;
}

export type Files = { readonly [path: string]: Listed };

/** The entries of one place, an action's folder. */
export interface Entry {
  /** The pipeline whose action it is, relative to `out/`; null where an older version did not record it. */
  readonly pipeline: string | null;
  /** The run that changed the place last; null where an older version did not record it. */
  readonly run: string | null;
  readonly files: Files;
  /** Folders that hold nothing. */
  readonly folders: readonly string[];
}

export interface Manifest {
  entries(): Iterable<readonly [place: string, entry: Entry]>;
  entry(place: string): Entry | undefined;
  /** Lines of it were lost: what it does not list may be ours all the same. */
  readonly isDamaged: boolean;
  /** The place that lists a file. */
  placeOf(file: string): string | undefined;
  /** Records what a place has now. */
  record(place: string, entry: Entry): void;
  /** The same, and resolves when it is on disk. Calls made meanwhile share one flush. */
  recordFlushed(place: string, entry: Entry): Promise<void>;
  close(): void;
}

export const MANIFEST = '.groundproof-out.jsonl';

/** @param scratch where a new version is written before it replaces the old one */
export function openManifest(root: string, scratch: string): Manifest {
  const path = join(root, MANIFEST);
  const { listed, lines, isDamaged } = readEntries(root, path);
  const isLost = lines === 0 && lstatSync(join(root, STATE), { throwIfNoEntry: false }) !== undefined;
  if (lines > 2 * listed.size + 100) {
    const shorter = join(scratch, 'manifest');
    writeAtomic(shorter, (isDamaged ? LOST : '') + textOf(listed));
    renameSync(shorter, path);
  }
  let fd = openToAppend(path);
  if (isLost) writeAll(fd, LOST);
  let index: Map<string, string> | undefined;

  const set = (place: string, entry: Entry) => {
    for (const file of Object.keys(listed.get(place)?.files ?? {})) index?.delete(file);
    if (isEmpty(entry)) listed.delete(place);
    else listed.set(place, entry);
    if (index) for (const file of Object.keys(entry.files)) index.set(file, place);
  };
  const append = (text: string) => {
    // Someone removed out/ during the run: list everything again in a new manifest.
    if (fstatSync(fd).nlink === 0) {
      closeSync(fd);
      fd = openToAppend(path);
      writeAll(fd, textOf(listed));
    }
    // A leading line end closes whatever line a killed writer left open.
    writeAll(fd, `\n${text}`);
  };
  const flushes = groupedFlush(() => fd);

  return {
    entries: () => listed,
    entry: (place) => listed.get(place),
    isDamaged: isDamaged || isLost,
    placeOf(file) {
      index ??= new Map([...listed].flatMap(([place, { files }]) => Object.keys(files).map((one) => [one, place])));
      return index.get(file);
    },
    record(place, entry) {
      set(place, entry);
      append(lineOf(place, entry));
    },
    recordFlushed(place, entry) {
      set(place, entry);
      append(lineOf(place, entry));
      return flushes();
    },
    close: () => closeSync(fd),
  };
}

/** Returns a function that flushes the file; calls that come while it is being flushed wait for the next flush together. */
function groupedFlush(open: () => number): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    current = flushOpen(open()).finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (!current) return start();
    next ??= current
      .catch(() => {}) // whoever waits for that flush is told
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}

/** Never through a link: `O_NOFOLLOW`. A new manifest's name is flushed too, else a power cut could lose it with all it lists. */
function openToAppend(path: string): number {
  const isNew = !lstatSync(path, { throwIfNoEntry: false });
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const fd = inFolder(path, () => openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o666));
  if (isNew) flushFolder(dirname(path));
  return fd;
}

function flushFolder(path: string): void {
  makeFolder(path);
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A disk that is nearly full takes a part and reports the error only when it is asked to take the rest. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** A line that lists nothing and counts as damaged, so that later runs know that some were lost. */
const LOST = '"lines were lost"\n';

const lineOf = (place: string, entry: Entry): string => `${JSON.stringify([place, entry, sumOf(place, entry)])}\n`;
const textOf = (listed: ReadonlyMap<string, Entry>): string =>
  [...listed].map(([place, entry]) => lineOf(place, entry)).join('');
const sumOf = (place: string, entry: unknown): string => digestOf(JSON.stringify([place, entry])).slice(0, 16);

const isEmpty = ({ files, folders }: Entry): boolean => Object.keys(files).length + folders.length === 0;

interface Read {
  readonly listed: Map<string, Entry>;
  readonly lines: number;
  readonly isDamaged: boolean;
}

function readEntries(root: string, path: string): Read {
  const listed = new Map<string, Entry>();
  const lines = (readStoredIfSound(path)?.toString() ?? '').split('\n').filter((line) => line !== '');
  let isDamaged = false;
  for (const text of lines) {
    const line = readLine(root, text);
    isDamaged ||= line === undefined;
    if (!line) continue;
    if (isEmpty(line.entry)) listed.delete(line.place);
    else listed.set(line.place, line.entry);
  }
  return { listed, lines: lines.length, isDamaged };
}

function readLine(root: string, text: string): { readonly place: string; readonly entry: Entry } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // torn by a kill in the middle of a write, or garbled
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string') return undefined;
  const [place, content, sum] = value as [string, unknown, unknown];
  if (value.length === 2) {
    const files = isFiles(content) ? stillAsListed(root, content) : undefined;
    return files && { place, entry: { pipeline: null, run: null, files, folders: [] } };
  }
  if (sum !== sumOf(place, content)) return undefined;
  const entry = content as Entry;
  return isFiles(entry.files) && entry.folders.every(isInside) ? { place, entry } : undefined;
}

/**
 * Lines of older versions have no checksum, and a flipped bit in one could name a file of the user's. So they count
 * only for files that are still as they were put there.
 */
const stillAsListed = (root: string, files: Files): Files =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([file, { signature }]) => signature !== null && blobSignature(join(root, file)) === signature)
      .map(([file, { digest }]) => [file, { digest, signature: null }]),
  );

/** A path that leaves the folder was forged. */
const isFiles = (value: unknown): value is Files =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([file, one]) => isInside(file) && typeof one === 'object' && one !== null);
