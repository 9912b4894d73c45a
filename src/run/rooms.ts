/**
 * Rooms: folders in which actions work, one at a time each. Making and removing folders waits for the disk's journal,
 * which took more time than small actions themselves; so a room that was left tidy is used again.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Room {
  readonly root: string;
  /** Empty folders: for links to the inputs, and for what is made. */
  readonly inputs: string;
  readonly outputs: string;
}

export interface Rooms {
  take(): Room;
  /** An action ended well: the room is emptied, for another one. */
  giveBack(room: Room): void;
  /** An action failed, and may still be writing. */
  drop(room: Room): void;
}

/** Each action has a room under a name of its own: what it left underway cannot reach the next one. */
export function openRooms(folder: string): Rooms {
  const free: Room[] = [];
  let number = 0;
  const drop = ({ root }: Room) => rmSync(root, { recursive: true, force: true });
  return {
    take() {
      const root = join(folder, String(number++));
      const room = { root, inputs: join(root, 'inputs'), outputs: join(root, 'outputs') };
      const used = free.pop();
      if (used) {
        renameSync(used.root, root);
      } else {
        for (const made of [root, room.inputs, room.outputs]) mkdirSync(made);
      }
      return room;
    },
    giveBack(room) {
      try {
        for (const kept of [room.inputs, room.outputs]) {
          for (const name of readdirSync(kept)) rmSync(join(kept, name), { recursive: true, force: true });
        }
        free.push(room);
      } catch {
        drop(room); // the task removed a folder of it
      }
    },
    drop,
  };
}
