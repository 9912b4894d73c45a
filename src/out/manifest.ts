/**
 * The manifest of `out/` lists the files that groundproof put there, with their action and pipeline. Only listed files are
 * ever replaced or removed. Each line has a checksum, so that a damaged line cannot list a user's file.
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

/** A file as it was put there; the signature is null while it is being put. */
interface ListedFile {
  readonly digest: Digest;
  readonly signature: Signature | null;
}

export type ListedFiles = { readonly [path: string]: ListedFile };

/** The files and folders of an action. */
export interface ManifestEntry {
  /** The action's pipeline, relative to `out/`; null in lines of older versions. */
  readonly pipeline: string | null;
  /** The run that changed the action's files last; null in lines of older versions. */
  readonly run: string | null;
  readonly files: ListedFiles;
  /** Empty folders. */
  readonly folders: readonly string[];
}

export interface Manifest {
  entries(): Iterable<readonly [action: string, entry: ManifestEntry]>;
  entry(action: string): ManifestEntry | undefined;
  /** True if lines were lost: then files that are not listed may be groundproof's all the same. */
  readonly isDamaged: boolean;
  /** The action that lists a file. */
  ownerOf(file: string): string | undefined;
  /** Replaces the entry of an action. */
  replaceEntry(action: string, entry: ManifestEntry): void;
  /** Like `replaceEntry`; resolves when the entry is on disk. Calls during a flush share the next flush. */
  replaceEntryFlushed(action: string, entry: ManifestEntry): Promise<void>;
  close(): void;
}

export const MANIFEST = '.groundproof-out.jsonl';

/** @param scratch a folder for a new version, before it replaces the old version */
export function openManifest(root: string, scratch: string): Manifest {
  const path = join(root, MANIFEST);
  const { listed, lines, isDamaged } = readEntries(root, path);
  const isLost = lines === 0 && lstatSync(join(root, STATE), { throwIfNoEntry: false }) !== undefined;
  if (lines > 2 * listed.size + 100) {
    const shorter = join(scratch, 'manifest');
    writeAtomic(shorter, (isDamaged ? LOST_LINES : '') + textOf(listed));
    renameSync(shorter, path);
  }
  let fd = openToAppend(path);
  if (isLost) writeAll(fd, LOST_LINES);
  let index: Map<string, string> | undefined;

  const set = (action: string, entry: ManifestEntry) => {
    for (const file of Object.keys(listed.get(action)?.files ?? {})) index?.delete(file);
    if (isEmpty(entry)) listed.delete(action);
    else listed.set(action, entry);
    if (index) for (const file of Object.keys(entry.files)) index.set(file, action);
  };
  const append = (text: string) => {
    // A user removed out/ during the run: list all files again in a new manifest.
    if (fstatSync(fd).nlink === 0) {
      closeSync(fd);
      fd = openToAppend(path);
      writeAll(fd, textOf(listed));
    }
    // The leading line end closes a line that a killed writer left open.
    writeAll(fd, `\n${text}`);
  };
  const flushes = groupedFlush(() => fd);

  return {
    entries: () => listed,
    entry: (action) => listed.get(action),
    isDamaged: isDamaged || isLost,
    ownerOf(file) {
      index ??= new Map([...listed].flatMap(([action, { files }]) => Object.keys(files).map((path) => [path, action])));
      return index.get(file);
    },
    replaceEntry(action, entry) {
      set(action, entry);
      append(lineOf(action, entry));
    },
    replaceEntryFlushed(action, entry) {
      set(action, entry);
      append(lineOf(action, entry));
      return flushes();
    },
    close: () => closeSync(fd),
  };
}

/** Returns a function that flushes the file. Calls during a flush wait for the next flush together. */
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
      .catch(() => {}) // the callers that wait for the current flush get its error
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}

/** Never opens a link (`O_NOFOLLOW`). Flushes the name of a new manifest, because a power cut could lose the whole file. */
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

/** A nearly full disk writes a part without an error; only the next write reports that it is full. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** A line that counts as damaged, so that later runs know that lines were lost. */
const LOST_LINES = '"lines were lost"\n';

const lineOf = (action: string, entry: ManifestEntry): string =>
  `${JSON.stringify([action, entry, sumOf(action, entry)])}\n`;
const textOf = (listed: ReadonlyMap<string, ManifestEntry>): string =>
  [...listed].map(([action, entry]) => lineOf(action, entry)).join('');
const sumOf = (action: string, entry: unknown): string => digestOf(JSON.stringify([action, entry])).slice(0, 16);

const isEmpty = ({ files, folders }: ManifestEntry): boolean => Object.keys(files).length + folders.length === 0;

interface ReadManifest {
  readonly listed: Map<string, ManifestEntry>;
  readonly lines: number;
  readonly isDamaged: boolean;
}

function readEntries(root: string, path: string): ReadManifest {
  const listed = new Map<string, ManifestEntry>();
  const lines = (readStoredIfSound(path)?.toString() ?? '').split('\n').filter((line) => line !== '');
  let isDamaged = false;
  for (const text of lines) {
    const line = readLine(root, text);
    isDamaged ||= line === undefined;
    if (!line) continue;
    if (isEmpty(line.entry)) listed.delete(line.action);
    else listed.set(line.action, line.entry);
  }
  return { listed, lines: lines.length, isDamaged };
}

function readLine(root: string, text: string): { readonly action: string; readonly entry: ManifestEntry } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // torn by a kill in the middle of a write, or garbled
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string') return undefined;
  const [action, content, sum] = value as [string, unknown, unknown];
  if (value.length === 2) {
    const files = isListedFiles(content) ? stillAsListed(root, content) : undefined;
    return files && { action, entry: { pipeline: null, run: null, files, folders: [] } };
  }
  if (sum !== sumOf(action, content)) return undefined;
  const entry = content as ManifestEntry;
  return isListedFiles(entry.files) && entry.folders.every(isInside) ? { action, entry } : undefined;
}

/**
 * Lines of older versions have no checksum, so a flipped bit could make them name a user's file. Therefore they count only
 * for files that are unchanged since they were put there.
 */
const stillAsListed = (root: string, files: ListedFiles): ListedFiles =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([file, { signature }]) => signature !== null && blobSignature(join(root, file)) === signature)
      .map(([file, { digest }]) => [file, { digest, signature: null }]),
  );

/** Rejects forged entries, whose paths lead out of the folder. */
const isListedFiles = (value: unknown): value is ListedFiles =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([path, file]) => isInside(path) && typeof file === 'object' && file !== null);
