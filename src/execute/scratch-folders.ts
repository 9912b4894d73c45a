/**
 * Rooms: folders in which actions work, one at a time each. To make and remove folders takes longer than a small action,
 * because the disk is waited for; so a room that was left tidy is used again. To remove a file can take 3 ms, so a room is
 * emptied while other actions go on; links have nothing on disk and are removed at once.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rm, unlink, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../files/make-folder.ts';
import { removeTreeIfPossible } from '../files/remove.ts';

const [unlinkAsync, rmAsync] = [promisify(unlink), promisify(rm)];

/** Empty folders, in which an action finds nothing of what another one left behind. */
export interface Room {
  /** Where a shell command runs; holds the others. */
  readonly root: string;
  /** For links to the inputs. */
  readonly inputs: string;
  /** For what is made. */
  readonly outputs: string;
  /** What HOME and TMPDIR name. */
  readonly temporary: string;
}

export interface Rooms {
  take(): Room;
  /** An action ended well: empties the room for another one. Never rejects. */
  giveBack(room: Room): Promise<void>;
  /** An action failed, and may still be writing: what cannot be removed now goes with the folder of all rooms. */
  drop(room: Room): void;
  /** Call it before an action that may start programs: they end with this process, however it ends. */
  watch(): Promise<void>;
  /** Ends the watch. */
  close(): void;
}

/** A room that is given back goes on under another name, which what an action left underway does not know. */
export function openRooms(folder: string): Rooms {
  const free: Room[] = [];
  let number = 0;
  let endWatch: Promise<() => void> | undefined;
  const next = () => roomAt(join(folder, String(number++)));
  return {
    take() {
      const used = free.pop();
      if (used) return used;
      const room = next();
      // With those above: somebody may have removed the whole store meanwhile.
      for (const made of foldersOf(room)) makeFolder(made);
      return room;
    },
    async giveBack({ root }) {
      const room = next();
      try {
        renameSync(root, room.root);
        const kept = foldersOf(room);
        if (!kept.every(isAsMade)) throw new Error('an action replaced a folder of its room');
        for (const folder of kept) await empty(folder, kept);
        free.push(room);
      } catch {
        // The action removed or replaced a folder of it. What cannot be removed goes with the folder of all rooms.
        await rmAsync(room.root, { recursive: true, force: true }).catch(() => {});
      }
    },
    drop: ({ root }) => removeTreeIfPossible(root),
    async watch() {
      // Starting a process costs more than a small action, and most tasks start none.
      endWatch ??= import('./watcher.ts').then(({ watchOver }) => watchOver(folder));
      await endWatch;
    },
    close: () => void endWatch?.then((end) => end()),
  };
}

function roomAt(root: string): Room {
  return { root, inputs: `${root}/inputs`, outputs: `${root}/outputs`, temporary: `${root}/tmp` };
}

/** Each after the one that holds it. */
const foldersOf = ({ root, inputs, outputs, temporary }: Room) => [root, inputs, outputs, temporary];

/** A link in its place would lead to somebody's own files; a closed folder would fail the next action. */
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

/** Makes a room for one action, which whoever asks removes. */
export function makeRoom(root: string): Room {
  const room = roomAt(root);
  for (const folder of foldersOf(room)) mkdirSync(folder, { recursive: true });
  return room;
}
