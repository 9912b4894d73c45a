/**
 * Kills the command with SIGKILL at any instant: a rerun must give the same content, and the store must be sound.
 * CRASHES=500 makes it long, CRASH_SEED chooses another series.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/files/digest.ts';
import type { Event } from '../../src/history/event.ts';
import { openStore } from '../../src/store/open.ts';
import { checkStore } from '../../src/upkeep/check.ts';
import { KILL_AT } from './kill-at.ts';
import { POWER_LOSS } from './power-loss.ts';
import { makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';

const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
const engine = (await import(pathToFileURL(dist('index.js')).href)) as typeof import('../../src/index.ts');

const CRASHES = Number(process.env.CRASHES ?? 24);
const SEED = Number(process.env.CRASH_SEED ?? 1);

const RECORDINGS = ['a', 'b'];

const project = {
  'pipeline.yaml': `
each: { recording: [${RECORDINGS.join(', ')}] }
steps:
  make: { uses: ./make.ts, each: recording, inputs: { from: { file: "data/{recording}" } } }
  split: { uses: ./split.ts, each: recording, inputs: { from: make.out } }
  list: { uses: ./list.ts, inputs: { all: split.parts } }
`,
  'make.ts': taskModule(`outputs.out.write(readFileSync(inputs.from));`, { inputs: 'from: file()' }),
  'split.ts': taskModule(
    `
    mkdirSync(outputs.parts.path + '/sub');
    const text = readFileSync(inputs.from, 'utf8');
    writeFileSync(outputs.parts.path + '/whole', text);
    writeFileSync(outputs.parts.path + '/sub/first', text.slice(0, 1));`,
    { inputs: 'from: file()', outputs: 'parts: folder()' },
  ),
  'list.ts': taskModule(
    `for (const { recording, value } of inputs.all) outputs.out.write(Buffer.from(recording + readFileSync(value + '/whole')));`,
    { inputs: 'all: gathered(folder())' },
  ),
  'kill-at.mjs': KILL_AT,
  'power-loss.mjs': POWER_LOSS,
};

/** The expected files in out/. */
function expected(salt: number): { [path: string]: string } {
  const files: { [path: string]: string } = {
    'list/out.txt': RECORDINGS.map((name) => `${name}${name}:${salt}`).join(''),
  };
  for (const name of RECORDINGS) {
    files[`make/${name}/out.txt`] = files[`split/${name}/parts/whole`] = `${name}:${salt}`;
    files[`split/${name}/parts/sub/first`] = name;
  }
  return files;
}

function shown(rig: Rig): { [path: string]: string } {
  const files = filesBelow(rig.path('out')).filter((path) => path !== '.groundproof-out.jsonl' && path !== 'RUN.json');
  return Object.fromEntries(files.map((path) => [path, rig.read(join('out', path))]));
}

/** The random number generator mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Starts the command with a module that kills it; returns whether it ended before the kill. */
function killedBy(
  rig: Rig,
  module: string,
  words: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<boolean> {
  const { PATH = '', HOME = '' } = process.env;
  const [name = '', query = ''] = module.split('?');
  const preload = `${pathToFileURL(rig.path(name)).href}?${query}`;
  const child = spawn(process.execPath, ['--import', preload, dist('cli.js'), ...words], {
    cwd: rig.folder,
    env: { PATH, HOME, ...env },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal === 'SIGKILL')));
}

async function rerun(rig: Rig): Promise<readonly Event[]> {
  const events: Event[] = [];
  const running = engine.run({ pipeline: rig.path('pipeline.yaml') });
  for (;;) {
    const next = await running.next();
    if (!next.done) events.push(next.value);
    else {
      expect(next.value).toMatchObject({ ok: true, value: { failed: 0, blocked: 0, cancelled: 0 } });
      return events;
    }
  }
}

async function series(seed: number, crashes: number): Promise<number> {
  const rig = makeRig(project);
  const draw = random(seed);
  // The number of changes that a command makes; reduced when a command turns out to make fewer.
  const most: { [command: string]: number } = {};
  let killed = 0;
  for (let salt = 1; killed < crashes; salt++) {
    // A store may be new as well: gc and check refuse a store that does not exist.
    if (draw(6) === 0) for (const name of ['cache', 'out']) if (draw(3) > 0) rig.remove(name);
    for (const name of RECORDINGS) rig.write(`data/${name}`, `${name}:${salt}`);
    const run = ['run', '--reporter', 'json', '--jobs', String(1 + draw(3))];
    const [name, words, env] = (
      [
        ['run', run, {}],
        ['run', run, {}],
        ['run', run, {}],
        ['small', run, { GROUNDPROOF_MAX_SIZE: '1kB' }],
        ['gc', ['gc', '--keep-runs', '1'], {}],
        ['check', ['cache', 'check'], {}],
      ] as const
    )[draw(6)] ?? ['run', run, {}];
    const n = draw((most[name] ?? 250) + 1);
    if (await killedBy(rig, `kill-at.mjs?n=${n}`, words, env)) killed++;
    else most[name] = Math.min(most[name] ?? n, n);
    const at = { seed, salt, n, name };

    await rerun(rig);
    expect({ at, shown: shown(rig) }).toEqual({ at, shown: expected(salt) });
    const store = openStore(rig.path('cache'));
    if (!store.ok) throw new Error(store.error.reason);
    const { damage } = await checkStore(store.value);
    store.value.close();
    expect({ at, damage }).toEqual({ at, damage: [] });
    expect({ at, claims: readdirSync(rig.path('cache/claims')) }).toEqual({ at, claims: [] });
    expect({ at, tmp: readdirSync(rig.path('cache/tmp')) }).toEqual({ at, tmp: [] });
  }
  return killed;
}

test(`a store survives ${CRASHES} kills of run, gc and check at any change of the file system`, {
  timeout: 60_000 + CRASHES * 2000,
}, async () => {
  // Several projects at once, to use all cores.
  const killed = await Promise.all([0, 1, 2].map((i) => series(SEED * 1000 + i, Math.ceil(CRASHES / 3))));
  expect(killed.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(CRASHES);
});

/** Expects whole records and blobs after a power loss, and the same content after a rerun. */
async function expectWholeAfterPowerLoss(rig: Rig, salt: number, at: object): Promise<readonly Event[]> {
  if (rig.exists('cache')) {
    const store = openStore(rig.path('cache'));
    if (!store.ok) throw new Error(store.error.reason);
    const { damage } = await checkStore(store.value);
    store.value.close();
    expect({ at, damage }).toEqual({ at, damage: [] });
  }
  const events = await rerun(rig);
  expect({ at, shown: shown(rig) }).toEqual({ at, shown: expected(salt) });
  return events;
}

const LOSSES = Number(process.env.POWER_LOSSES ?? 6);

test.each(['bytes', 'names'] as const)(
  'a store survives a power loss of %s that were not flushed: no result outlives its blobs, and a rerun gives the same',
  { timeout: 60_000 + LOSSES * 10_000 },
  async (mode) => {
    const rig = makeRig(project);
    const draw = random(SEED * 7 + (mode === 'bytes' ? 1 : 2));
    const lose = (n: number) =>
      killedBy(rig, `power-loss.mjs?n=${n}&mode=${mode}&roots=${mode === 'bytes' ? 'cache' : 'cache,out'}`, [
        'run',
        '--reporter',
        'json',
      ]);
    let salt = 1;
    const edit = () => {
      for (const name of RECORDINGS) rig.write(`data/${name}`, `${name}:${salt}`);
    };
    edit();
    // All important files have been flushed at the end of a run.
    expect(await lose(1e9)).toBe(true);
    const events = await expectWholeAfterPowerLoss(rig, salt, { mode, at: 'end' });
    expect(events.filter((event) => 'outcome' in event && event.outcome === 'executed')).toEqual([]);
    for (let lost = 0; lost < LOSSES; lost++) {
      salt++;
      if (draw(3) === 0) rig.remove('cache');
      edit();
      const n = draw(250);
      await lose(n);
      await expectWholeAfterPowerLoss(rig, salt, { mode, salt, n });
    }
  },
);
