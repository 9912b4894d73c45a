/**
 * Scratch folders: an action works in a folder of its own. Folders are reused, because making and removing them takes
 * longer than a small action, which would wait for the disk. Removing a file can take 3 ms, so a folder is emptied while
 * other actions go on; links are not on the disk and are removed at once.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rm, unlink, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../files/make-folder.ts';
import { removeTreeIfPossible } from '../files/remove.ts';

const [unlinkAsync, rmAsync] = [promisify(unlink), promisify(rm)];

/** Empty folders, without remains of other actions. */
export interface ScratchFolder {
  /** The working folder of a shell command; holds the other folders. */
  readonly root: string;
  /** For links to the inputs. */
  readonly inputs: string;
  /** For the outputs that the action makes. */
  readonly outputs: string;
  /** The value of HOME and TMPDIR. */
  readonly temporary: string;
}

export interface ScratchFolders {
  take(): ScratchFolder;
  /** Call it when an action ended well: empties the folder for another action. Never rejects. */
  giveBack(scratch: ScratchFolder): Promise<void>;
  /** Call it when an action failed: it may still be writing, so its folder is removed as far as possible. */
  drop(scratch: ScratchFolder): void;
  /** Call it before an action that may start programs: they end with this process, however it ends. */
  endProcessesWithRun(): Promise<void>;
  /** Ends the watch that `endProcessesWithRun` began. */
  close(): void;
}

/** All scratch folders lie in `parent`. Remains that cannot be removed now go when `parent` is removed. */
export function openScratchFolders(parent: string): ScratchFolders {
  const free: ScratchFolder[] = [];
  let number = 0;
  let endWatch: Promise<() => void> | undefined;
  const next = () => scratchFolderAt(join(parent, String(number++)));
  return {
    take() {
      const used = free.pop();
      if (used) return used;
      const scratch = next();
      // Make the parents too: somebody may have removed the whole store meanwhile.
      for (const folder of foldersOf(scratch)) makeFolder(folder);
      return scratch;
    },
    async giveBack({ root }) {
      const scratch = next();
      try {
        // A process that the action left behind knows the old name only, and cannot write into the renamed folder.
        renameSync(root, scratch.root);
        const folders = foldersOf(scratch);
        if (!folders.every(isAsMade)) throw new Error('an action replaced one of its scratch folders');
        for (const folder of folders) await empty(folder, folders);
        free.push(scratch);
      } catch {
        // The action removed or replaced a part of the folder, so it cannot be used again.
        await rmAsync(scratch.root, { recursive: true, force: true }).catch(() => {});
      }
    },
    drop: ({ root }) => removeTreeIfPossible(root),
    async endProcessesWithRun() {
      // Starting the watcher's process costs more than a small action, and most tasks start no programs.
      endWatch ??= import('./watcher.ts').then(({ watchOver }) => watchOver(parent));
      await endWatch;
    },
    close: () => void endWatch?.then((end) => end()),
  };
}

function scratchFolderAt(root: string): ScratchFolder {
  return { root, inputs: `${root}/inputs`, outputs: `${root}/outputs`, temporary: `${root}/tmp` };
}

/** Parents come before their children. */
const foldersOf = ({ root, inputs, outputs, temporary }: ScratchFolder) => [root, inputs, outputs, temporary];

/** A link in its place would lead to a user's own files; a folder without permissions would fail the next action. */
function isAsMade(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (found.mode & 0o700) === 0o700;
}

async function empty(folder: string, kept: readonly string[]): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (kept.includes(path)) continue;
    if (entry.isSymbolicLink()) unlinkSync(path);
    else await (entry.isDirectory() ? rmAsync(path, { recursive: true }) : unlinkAsync(path));
  }
}

/** Makes a scratch folder for one action; the caller removes it. */
export function makeScratchFolder(root: string): ScratchFolder {
  const scratch = scratchFolderAt(root);
  for (const folder of foldersOf(scratch)) mkdirSync(folder, { recursive: true });
  return scratch;
}
