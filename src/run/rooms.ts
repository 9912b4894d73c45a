/**
 * Rooms: folders in which actions work, one at a time each. Making and removing folders waits for the disk, which took
 * more time than small actions themselves; so a room that was left tidy is used again. Removing a file that is on disk
 * waits for it too, where that is told at once what became free (3 ms): a room is emptied while others go on. A link has
 * nothing on disk, and is removed sooner than another thread is asked to.
 */
import { mkdirSync, readdirSync, renameSync, rm, unlink, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeTreeIfPossible } from '../cache/remove-tree.ts';

const [unlinkAsync, rmAsync] = [promisify(unlink), promisify(rm)];

export interface Room {
  readonly root: string;
  /** Empty folders: for links to the inputs, and for what is made. */
  readonly inputs: string;
  readonly outputs: string;
}

export interface Rooms {
  take(): Room;
  /** An action ended well: the room is emptied, for another one. Never rejects. */
  giveBack(room: Room): Promise<void>;
  /** An action failed, and may still be writing: what cannot be removed now goes with the folder of all rooms. */
  drop(room: Room): void;
}

/** A room that is given back goes on under another name, which what an action left underway does not know. */
export function openRooms(folder: string): Rooms {
  const free: Room[] = [];
  let number = 0;
  const next = (): Room => {
    const root = join(folder, String(number++));
    return { root, inputs: join(root, 'inputs'), outputs: join(root, 'outputs') };
  };
  return {
    take() {
      const used = free.pop();
      if (used) return used;
      const room = next();
      for (const made of [room.root, room.inputs, room.outputs]) mkdirSync(made);
      return room;
    },
    async giveBack({ root }) {
      const room = next();
      try {
        renameSync(root, room.root);
        for (const kept of [room.inputs, room.outputs]) {
          for (const entry of readdirSync(kept, { withFileTypes: true })) {
            const path = join(kept, entry.name);
            if (entry.isSymbolicLink()) unlinkSync(path);
            else await (entry.isDirectory() ? rmAsync(path, { recursive: true }) : unlinkAsync(path));
          }
        }
        free.push(room);
      } catch {
        // The task removed a folder of it. What cannot be removed goes with the folder of all rooms.
        await rmAsync(room.root, { recursive: true, force: true }).catch(() => {});
      }
    },
    drop: ({ root }) => removeTreeIfPossible(root),
  };
}
