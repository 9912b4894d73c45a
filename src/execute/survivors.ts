/**
 * Finds what an action left running, also what left its process group (`setsid`): every process of an action carries its
 * room in its environment (TMPDIR), in its working folder, or in a file that it holds open. Linux only: elsewhere nothing
 * is found, and only the process group is ended.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Survivor {
  readonly pid: number;
  readonly name: string;
}

/** Processes that were looked at and have nothing to do with any room: each look is at new ones only. */
let others = new Set<string>();

/** The number that was given last, and when that was. */
let last = { id: 0, at: Number.NEGATIVE_INFINITY };

/** In this time no system gives out all its numbers: what has a later number since is new. */
const NO_WRAP_MS = 5000;

/** Before the first action of a process begins: whatever runs by then belongs to none. */
export function noteOtherProcesses(): void {
  if (last.id > 0) return;
  last = { id: lastId(), at: performance.now() };
  others = new Set(processIds());
}

/** Finds the processes of the group, if one is named, and of the room. Leaves out those that have ended. */
export function survivorsOf(room: string, group?: number): readonly Survivor[] {
  const ids = processIds();
  forgetNumbersGivenAnew(ids);
  const found: Survivor[] = [];
  const rooms = `${dirname(room)}/`;
  for (const id of ids) {
    if (others.has(id) || Number(id) === process.pid) continue;
    const stat = statOf(id);
    if (!stat || stat.isOver) continue;
    const named = stat.group === group ? room : roomOf(id, rooms);
    // Until a child of this process begins its program, it has this process's environment, which names no room.
    if (named === undefined && stat.parent !== process.pid) others.add(id);
    if (named === undefined) continue;
    if (named === room || named.startsWith(`${room}/`)) found.push({ pid: Number(id), name: stat.name });
  }
  return found;
}

/** A new process may have the number of one that was looked at and has ended. */
function forgetNumbersGivenAnew(ids: readonly string[]): void {
  const now = { id: lastId(), at: performance.now() };
  if (now.id < last.id || now.at - last.at > NO_WRAP_MS) others = new Set();
  else for (const id of ids) if (Number(id) > last.id && Number(id) <= now.id) others.delete(id);
  last = now;
}

/** The last word of `0.1 0.2 0.3 2/345 6789`. */
const lastId = (): number =>
  Number(
    attempt(() => readFileSync('/proc/loadavg', 'utf8'))
      ?.trim()
      .split(' ')
      .at(-1) ?? 0,
  );

/** A path in one of the rooms that the process carries; undefined if there is none. */
function roomOf(id: string, rooms: string): string | undefined {
  const environment = attempt(() => readFileSync(`/proc/${id}/environ`, 'latin1')) ?? '';
  const at = environment.indexOf(rooms);
  if (at >= 0) return environment.slice(at, environment.indexOf('\0', at));
  const links = attempt(() => readdirSync(`/proc/${id}/fd`)) ?? [];
  return [`/proc/${id}/cwd`, ...links.map((fd) => `/proc/${id}/fd/${fd}`)]
    .map((link) => attempt(() => readlinkSync(link)))
    .find((path) => path?.startsWith(rooms));
}

interface Stat {
  readonly name: string;
  readonly isOver: boolean;
  readonly parent: number;
  readonly group: number;
}

/** `12 (name) S 1 12 ...`: a name may hold anything. */
function statOf(id: string): Stat | undefined {
  const text = attempt(() => readFileSync(`/proc/${id}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(')');
  const [state = '', parent, group] = text.slice(end + 2).split(' ');
  const name = text.slice(text.indexOf('(') + 1, end);
  return { name, isOver: state === 'Z' || state === 'X', parent: Number(parent), group: Number(group) };
}

const processIds = (): readonly string[] =>
  (attempt(() => readdirSync('/proc')) ?? []).filter((name) => name.charCodeAt(0) >= 48 && name.charCodeAt(0) <= 57);

/** A process may end while it is looked at, or be another user's. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
