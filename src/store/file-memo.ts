/** Remembers the digests of users' files by signature, so that a 2 GB archive is hashed once. */

import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { type Digest, notSupported } from '../files/digest.ts';
import { systemPath } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import { type FileSnapshot, type Signature, snapshotOf } from '../files/signature.ts';
import { digestIfUnchanged, pause, stillWritten } from '../files/unchanging-file.ts';
import { addKnownFiles, type KnownFile, readKnownFiles } from './known-files.ts';
import { digestOfOne, digestOfTree, treeFile } from './tree.ts';

export interface FileMemo {
  /**
   * Digest of a file or folder and the signatures that it rests on (of a folder: its files and folders, whose
   * times tell of new names); undefined when there is nothing there. A signature is null where the file system
   * could give the same one to other content.
   */
  digest(path: string): Promise<Known | undefined>;
  /** Keeps what was learnt. */
  save(): void;
}

export interface Known {
  readonly digest: Digest;
  readonly signatures: readonly (readonly [path: string, signature: Signature | null])[];
}

interface Read {
  readonly content: Digest;
  readonly executable: boolean;
  readonly signature: readonly [path: string, signature: Signature | null];
}

/** How often a file that changes under the reader is read again, at least, and for how long. */
const FEWEST_TRIES = 3;
const PATIENCE_MS = 1000;

/** A file that is gone again is no part of its folder. A link that leads nowhere is there, and stands for no content. */
function requireNoLink(path: string): void {
  if (!lstatSync(systemPath(path), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw notSupported(
    `${path} is a link to ${readlinkSync(systemPath(path))}, which is not there; mend or remove the link`,
  );
}

/** When `signal` aborts, hashing ends with an error. */
export function openFileMemo(path: string, signal?: AbortSignal): FileMemo {
  const known = readKnownFiles(path);
  const learnt: KnownFile[] = [];
  const underway = new Map<string, Promise<Known | undefined>>();

  function remembered(file: string, look: FileSnapshot | undefined): Read | undefined {
    const content = look?.proves ? known.get(look.signature) : undefined;
    return look && content && { content, executable: look.executable, signature: [file, look.signature] };
  }

  /** `earlier`: how the file looked so long ago that a change since then would show. */
  async function readOne(file: string, earlier?: FileSnapshot): Promise<Read | undefined> {
    const began = performance.now();
    for (let tries = 1; ; tries++) {
      const look = snapshotOf(file);
      if (!look) return undefined;
      const read = remembered(file, look);
      if (read) return read;
      const { signature, executable, proves, waitMs } = look;
      // From then on any change gives another signature: what is hashed is what this one stands for.
      await pause(earlier?.signature === signature ? 0 : waitMs, signal);
      const content = await digestIfUnchanged(file, signature, signal);
      if (content !== undefined) {
        if (proves) {
          known.set(signature, content);
          learnt.push({ path: file, signature, digest: content });
        }
        return { content, executable, signature: [file, proves ? signature : null] };
      }
      if (tries >= FEWEST_TRIES && performance.now() - began > PATIENCE_MS) throw stillWritten(file);
    }
  }

  async function digestOne(file: string): Promise<Known | undefined> {
    const read = await readOne(file);
    return read && { digest: digestOfOne(read.content, read.executable), signatures: [read.signature] };
  }

  async function digestFolder(folder: string): Promise<Known> {
    let seen = await lookBelowStill(folder, signal);
    let earlier: typeof seen.looks | undefined;
    const unread = [...seen.looks].filter(([path, look]) => !remembered(path, look));
    const wait = unread.reduce((most, [, { waitMs }]) => Math.max(most, waitMs), 0);
    if (wait > 0) {
      // Once for all of them; names are read after it, and a later one changes its folder's signature.
      await pause(wait, signal);
      earlier = seen.looks;
      seen = await lookBelowStill(folder, signal);
    }
    const { looks, folders, files, emptyFolders } = seen;
    const parts = [];
    const signatures: (readonly [string, Signature | null])[] = folders.map((path) => {
      const look = looks.get(path);
      const proves = look?.proves && (look.waitMs === 0 || earlier?.get(path)?.signature === look.signature);
      return [path, look && proves ? look.signature : null];
    });
    for (const relative of files) {
      const path = join(folder, relative);
      const read = remembered(path, looks.get(path)) ?? (await readOne(path, earlier?.get(path)));
      if (read) {
        parts.push(treeFile(relative, read.content, read.executable));
        signatures.push(read.signature);
      } else requireNoLink(path);
    }
    return { digest: digestOfTree({ files: parts, emptyFolders }), signatures };
  }

  return {
    digest(file) {
      let result = underway.get(file);
      if (!result) {
        const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
        result = (isFolder ? digestFolder(file) : digestOne(file)).finally(() => underway.delete(file));
        underway.set(file, result);
      }
      return result;
    },
    save() {
      if (learnt.length === 0) return;
      addKnownFiles(path, learnt);
      learnt.length = 0;
    },
  };
}

/** Again where a folder goes away while it is looked at. */
async function lookBelowStill(folder: string, signal?: AbortSignal): Promise<ReturnType<typeof lookBelow>> {
  for (let tries = 1; ; tries++) {
    try {
      return lookBelow(folder);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      if (tries >= FEWEST_TRIES) throw stillWritten(folder);
      await pause(tries, signal);
    }
  }
}

/** A folder's files and folders, each as it looked before its content or its names were read. */
function lookBelow(folder: string) {
  const looks = new Map<string, FileSnapshot>();
  const folders: string[] = [];
  const look = (path: string) => {
    const found = snapshotOf(path);
    if (found) looks.set(path, found);
  };
  const { files, emptyFolders, links, others } = listBelow(folder, (path) => {
    folders.push(path);
    look(path);
  });
  // A pipe or a device is refused when its digest is asked for.
  const all = [...files, ...links, ...others];
  for (const file of all) look(join(folder, file));
  return { looks, folders, files: all, emptyFolders };
}
