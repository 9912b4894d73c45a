/** The rig: a temporary project in which the real command runs. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { beforeAll, onTestFinished } from 'vitest';
import { requestFrom, type SharedOptions, withForce, withPipeline, withScheduling } from '../../src/cli/options.ts';
import type { ActionFinished, ActionPlanned, Event } from '../../src/history/event.ts';
import type { Request } from '../../src/load/request.ts';

const COMMAND = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The outcome of a run. */
export interface Outcomes {
  readonly events: readonly Event[];
  /** Actions by outcome, sorted. */
  readonly executed: readonly string[];
  readonly reused: readonly string[];
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  /** The final event of an action. */
  finished(action: string): ActionFinished;
}

export interface Ran extends Ended, Outcomes {}

/** How a command is started, besides its words. */
interface Around {
  /** Variables besides PATH, HOME and NO_COLOR. */
  readonly env?: { readonly [name: string]: string };
  /** The working folder; the project's folder if left out. */
  readonly cwd?: string;
  /** A program that starts the command, with its first words. */
  readonly under?: readonly string[];
}

export interface Rig {
  readonly folder: string;
  /** The same project, with commands started in another way. */
  around(around: Around): Rig;
  path(relative: string): string;
  write(relative: string, content: string | Uint8Array): void;
  read(relative: string): string;
  exists(relative: string): boolean;
  remove(relative: string): void;
  /** Replaces text in a file, which must contain it. */
  edit(relative: string, from: string, to: string): void;
  groundproof(...words: string[]): Promise<Ended>;
  /** `groundproof run --reporter json ...`, with its events. */
  run(...words: string[]): Promise<Ran>;
  /** Runs by the library in this process: half as expensive, for tests that are not about the command. */
  runHere(...words: string[]): Promise<Outcomes>;
  plan(...words: string[]): Promise<readonly ActionPlanned[]>;
  /** Starts the command without waiting for it. */
  start(...words: string[]): Started;
}

interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the command has printed this to stdout or stderr. */
  printed(text: string): Promise<void>;
}

/** Makes a project of these files. The end of the test removes it, or `atEnd` decides. */
export function makeRig(
  files: { readonly [path: string]: string | Uint8Array },
  atEnd: (remove: () => void) => void = onTestFinished,
): Rig {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-test-')));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const rig = rigIn(folder, {});
  for (const [relative, content] of Object.entries(files)) rig.write(relative, content);
  return rig;
}

/**
 * A project that has run once. The run happens once per test file; each call restores its result at the same path. Only
 * inodes and times differ, so the next run hashes the files anew.
 */
export function afterFirstRun(files: { readonly [path: string]: string | Uint8Array }): () => Rig {
  let rig: Rig;
  let kept: string;
  beforeAll(async () => {
    const removals: (() => void)[] = [];
    rig = makeRig(files, (remove) => removals.push(remove));
    kept = `${rig.folder}-as-it-was`;
    removals.push(() => rmSync(kept, { recursive: true, force: true }));
    // By the command, which stores the checked pipeline: in this process the files would be too new to store it.
    const { code, stderr } = await rig.groundproof('run');
    if (code !== 0) throw new Error(stderr);
    copy(rig.folder, kept);
    return () => {
      for (const remove of removals) remove();
    };
  });
  return () => {
    rmSync(rig.folder, { recursive: true });
    copy(kept, rig.folder);
    return rig;
  };
}

const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });

function rigIn(folder: string, around: Around): Rig {
  const path = (relative: string) => join(folder, relative);
  const rig: Rig = {
    folder,
    around: (other) => rigIn(folder, other),
    path,
    write(relative, content) {
      mkdirSync(dirname(path(relative)), { recursive: true });
      writeFileSync(path(relative), content);
    },
    read: (relative) => readFileSync(path(relative), 'utf8'),
    exists: (relative) => existsSync(path(relative)),
    remove: (relative) => rmSync(path(relative), { recursive: true, force: true }),
    edit(relative, from, to) {
      const text = rig.read(relative);
      if (!text.includes(from)) throw new Error(`${relative} does not contain ${from}`);
      rig.write(relative, text.replace(from, to));
    },
    start: (...words) => start(folder, around, words),
    groundproof: (...words) => start(folder, around, words).ended,
    async run(...words) {
      const ended = await rig.groundproof('run', '--reporter', 'json', ...words);
      return { ...ended, ...outcomesOf(eventsOf(ended), ended.stderr) };
    },
    async runHere(...words) {
      const { run } = (await import(LIBRARY)) as typeof import('../../src/index.ts');
      const running = run(requestIn(folder, words));
      const events: Event[] = [];
      for (;;) {
        const next = await running.next();
        // As the command would print it.
        if (!next.done) events.push(JSON.parse(JSON.stringify(next.value)));
        else if (next.value.ok) return outcomesOf(events);
        else throw new Error(JSON.stringify(next.value.error));
      }
    },
    async plan(...words) {
      const ended = await rig.groundproof('plan', '--reporter', 'json', ...words);
      if (ended.code !== 0) throw new Error(ended.stderr);
      return eventsOf<ActionPlanned>(ended);
    },
  };
  return rig;
}

function outcomesOf(events: readonly Event[], stderr = ''): Outcomes {
  const finished = events.filter((event): event is ActionFinished => event.type === 'action-finished');
  const by = (outcome: string) =>
    finished
      .filter((event) => event.outcome === outcome)
      .map(({ action }) => action)
      .sort();
  return {
    events,
    executed: by('executed'),
    reused: by('reused'),
    failed: by('failed'),
    blocked: by('blocked'),
    finished(action) {
      const found = finished.find((event) => event.action === action);
      if (!found) throw new Error(`${action} did not finish:\n${JSON.stringify(events)}${stderr}`);
      return found;
    },
  };
}

/** The request of `groundproof run` with these words in a project's folder. */
function requestIn(folder: string, words: readonly string[]): Request {
  const command = withScheduling(withForce(withPipeline(new Command()))).parse(words, { from: 'user' });
  const { store = 'cache', out = 'out', ...options } = command.opts<SharedOptions>();
  const paths = { store: resolve(folder, store), out: resolve(folder, out) };
  return requestFrom([join(folder, 'pipeline.yaml'), ...command.args], { ...options, ...paths });
}

const eventsOf = <E>({ stdout }: Ended): E[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as E);

function start(folder: string, { env = {}, cwd = folder, under = [] }: Around, words: readonly string[]): Started {
  const { PATH = '', HOME = '' } = process.env;
  const [program = '', ...all] = [...under, process.execPath, COMMAND, ...words];
  const child = spawn(program, all, {
    cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
      for (const { text, resolve } of waiting) if (said[name].includes(text)) resolve();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    printed: (text) =>
      new Promise((resolve, reject) => {
        if (said.stdout.includes(text) || said.stderr.includes(text)) return resolve();
        waiting.push({ text, resolve });
        void ended.then(({ stdout, stderr }) =>
          reject(new Error(`ended without printing ${text}:\n${stdout}${stderr}`)),
        );
      }),
  };
}
