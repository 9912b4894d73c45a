/**
 * Finds processes that an action left running, even outside its process group (`setsid`). Every process of an action
 * names the scratch folder in its environment (TMPDIR), its working folder or an open file. Linux only: elsewhere nothing
 * is found, and only the process group is ended.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Survivor {
  readonly pid: number;
  readonly name: string;
}

/** Ids of processes that belong to no action, so that each search reads only new processes. */
let others = new Set<string>();

/** The process id that the system gave out last, and the time of looking. */
let last = { id: 0, at: Number.NEGATIVE_INFINITY };

/** No system gives out all its ids in this time, so a process with a later id is new. */
const NO_WRAP_MS = 5000;

/** Call it before the first action begins: processes that run by then belong to no action. */
export function noteOtherProcesses(): void {
  if (last.id > 0) return;
  last = { id: lastId(), at: performance.now() };
  others = new Set(processIds());
}

/** Finds the running processes of the scratch folder and, if given, of the process group. */
export function survivorsOf(scratch: string, group?: number): readonly Survivor[] {
  const ids = processIds();
  forgetReusedIds(ids);
  const found: Survivor[] = [];
  const parent = `${dirname(scratch)}/`;
  for (const id of ids) {
    if (others.has(id) || Number(id) === process.pid) continue;
    const stat = statOf(id);
    if (!stat || stat.hasEnded) continue;
    const carried = stat.group === group ? scratch : carriedPath(id, parent);
    // A child of this process has this process's environment, without a scratch folder, until it begins its program.
    if (carried === undefined && stat.parent !== process.pid) others.add(id);
    if (carried === undefined) continue;
    if (carried === scratch || carried.startsWith(`${scratch}/`)) found.push({ pid: Number(id), name: stat.name });
  }
  return found;
}

/** Forgets ids that the system may have given to new processes since the last search. */
function forgetReusedIds(ids: readonly string[]): void {
  const now = { id: lastId(), at: performance.now() };
  if (now.id < last.id || now.at - last.at > NO_WRAP_MS) others = new Set();
  else for (const id of ids) if (Number(id) > last.id && Number(id) <= now.id) others.delete(id);
  last = now;
}

/** The last word of `/proc/loadavg`: `0.1 0.2 0.3 2/345 6789`. */
const lastId = (): number =>
  Number(
    unlessGone(() => readFileSync('/proc/loadavg', 'utf8'))
      ?.trim()
      .split(' ')
      .at(-1) ?? 0,
  );

/** The first path below `parent`, which ends in a slash, that the process carries. */
function carriedPath(id: string, parent: string): string | undefined {
  const environment = unlessGone(() => readFileSync(`/proc/${id}/environ`, 'latin1')) ?? '';
  const at = environment.indexOf(parent);
  if (at >= 0) return environment.slice(at, environment.indexOf('\0', at));
  const links = unlessGone(() => readdirSync(`/proc/${id}/fd`)) ?? [];
  return [`/proc/${id}/cwd`, ...links.map((fd) => `/proc/${id}/fd/${fd}`)]
    .map((link) => unlessGone(() => readlinkSync(link)))
    .find((path) => path?.startsWith(parent));
}

interface Stat {
  readonly name: string;
  readonly hasEnded: boolean;
  readonly parent: number;
  readonly group: number;
}

/** Parses `12 (name) S 1 12 ...`, in which the name may contain spaces and parentheses. */
function statOf(id: string): Stat | undefined {
  const text = unlessGone(() => readFileSync(`/proc/${id}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(')');
  const [state = '', parent, group] = text.slice(end + 2).split(' ');
  const name = text.slice(text.indexOf('(') + 1, end);
  return { name, hasEnded: state === 'Z' || state === 'X', parent: Number(parent), group: Number(group) };
}

const processIds = (): readonly string[] =>
  (unlessGone(() => readdirSync('/proc')) ?? []).filter((name) => name.charCodeAt(0) >= 48 && name.charCodeAt(0) <= 57);

/** Returns undefined if the process has ended meanwhile, or belongs to another user. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
