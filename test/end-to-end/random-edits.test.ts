/**
 * Edits random pipelines while they run: each action stops before and after it reads, and the test then makes any change,
 * for good or for a while. Every result in the store must be right for its key afterwards, and the next, undisturbed run
 * must equal a computation from scratch.
 */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Digest, digestOf, filesBelow } from '../../src/files/digest.ts';
import type { ActionFinished } from '../../src/history/event.ts';
import { readLastRun } from '../../src/history/run-record.ts';
import type { InputIdentity } from '../../src/store/key.ts';
import { storePaths } from '../../src/store/layout.ts';
import { readResult, type StoredResult } from '../../src/store/result.ts';
import { digestOfTree, treeFile } from '../../src/store/tree.ts';
import { makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';

const dist = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const engine = (await import(pathToFileURL(dist).href)) as typeof import('../../src/index.ts');

/** A step reads up to three inputs: outputs of earlier steps, as files or folders, or files of the user. */
interface StepDraft {
  readonly add: number;
  readonly from: readonly number[];
}

/** Files of the user: a file, a file behind a link, a folder. */
const OWN = ['data/0', 'link/1', 'set'];
const PORTS = ['one', 'two', 'three'];
type Kind = 'file' | 'folder';

interface World {
  readonly steps: StepDraft[];
  version: number;
}

const EDITS = [
  'write',
  'write quietly',
  'write for a while',
  'write quietly for a while',
  'move another file over',
  'turn the link',
  'turn the link for a while',
  'move the folder away for a while',
  'add to the folder',
  'add to the folder for a while',
  'write into the store',
  'write into the store for a while',
  'add to the store',
  'change the code',
  'change the pipeline',
] as const;

interface Edit {
  readonly edit: (typeof EDITS)[number];
  readonly which: number;
  readonly to: number;
}

/** Timestamps of the project's disk: real, in whole seconds, or all equal. */
type Clock = 'fine' | 'coarse' | 'fixed';

const digit = fc.nat({ max: 4 });
const worlds = fc.record({
  steps: fc.array(fc.record({ add: digit, from: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }) }), {
    minLength: 2,
    maxLength: 5,
  }),
  version: digit,
});
const edits = fc.array(fc.record({ edit: fc.constantFrom(...EDITS), which: fc.nat(100), to: digit }), {
  minLength: 1,
  maxLength: 6,
});
const clocks = fc.constantFrom<Clock>('fine', 'fine', 'fine', 'fine', 'fine', 'coarse', 'fixed');

type Source = { readonly own: string } | { readonly step: number; readonly port: 'out' | 'dir' };

const sourcesOf = ({ steps }: World, i: number): readonly Source[] =>
  (steps[i]?.from ?? []).map((drawn) => {
    const n = drawn % (OWN.length + 2 * i);
    const own = OWN[n];
    return own === undefined ? { step: (n - OWN.length) >> 1, port: n % 2 ? 'out' : 'dir' } : { own };
  });

const kindOf = (source: Source): Kind =>
  ('own' in source ? source.own === 'set' : source.port === 'dir') ? 'folder' : 'file';

/** The function of a task for the texts that it reads and a version of its code; here, and as text in the tasks. */
const compute = (version: number, add: number, texts: readonly string[]): string =>
  `${version}${texts.reduce((sum, text) => (sum * 3 + Number(text) + text.length) % 5, version + add) % 5}`;

/** A folder as text. */
const folderText = (files: readonly (readonly [name: string, text: string])[]): string =>
  files.map(([name, text]) => `${name.length}${text}`).join('');

const moduleText = (rig: Rig, version: number, kinds: readonly Kind[]): string =>
  taskModule(
    `
    const stop = async () => {
      if (!existsSync('${rig.path('disturbed')}')) return;
      const own = '${rig.path('at')}/' + Math.random();
      writeFileSync(own, '');
      while (existsSync(own)) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    const folderText = (path: string): string =>
      readdirSync(path).sort().map((name) => name.length + readFileSync(path + '/' + name, 'utf8')).join('');
    await stop();
    const texts = [${kinds.map((kind, i) => (kind === 'file' ? `readFileSync(inputs.${PORTS[i]}, 'utf8')` : `folderText(inputs.${PORTS[i]})`)).join(', ')}];
    await stop();
    const digit = texts.reduce((sum, text) => (sum * 3 + Number(text) + text.length) % 5, ${version} + params.add) % 5;
    outputs.out.write(Buffer.from('${version}' + digit));
    writeFileSync(outputs.dir.path + '/x', '${version}' + digit);`,
    {
      inputs: kinds.map((kind, i) => `${PORTS[i]}: ${kind}()`).join(', '),
      params: "add: { type: 'integer' }",
      outputs: "out: file('.txt'), dir: folder()",
    },
  );

function writeCode(rig: Rig, world: World): void {
  const lines = world.steps.map(({ add }, i) => {
    const sources = sourcesOf(world, i);
    const kinds = sources.map(kindOf);
    rig.write(`${kinds.join('-')}.ts`, moduleText(rig, world.version, kinds));
    const inputs = sources.map((source, n) => {
      return `${PORTS[n]}: ${'own' in source ? `{ file: ${source.own} }` : `s${source.step}.${source.port}`}`;
    });
    return `  s${i}: { uses: ./${kinds.join('-')}.ts, inputs: { ${inputs.join(', ')} }, params: { add: ${add} } }\n`;
  });
  rig.write('pipeline.yaml', `steps:\n${lines.join('')}`);
}

/** Computes the result of each step from the current files of the project. */
function workOut(rig: Rig, world: World): readonly string[] {
  const made: string[] = [];
  const textOf = (source: Source): string => {
    if ('step' in source) {
      const text = made[source.step] ?? '';
      return source.port === 'out' ? text : folderText([['x', text]]);
    }
    if (source.own !== 'set') return rig.read(source.own);
    return folderText(fs.readdirSync(rig.path('set')).map((name) => [name, rig.read(`set/${name}`)]));
  };
  for (const [i, { add }] of world.steps.entries()) {
    made.push(compute(world.version, add, sourcesOf(world, i).map(textOf)));
  }
  return made;
}

/** Every possible content, by its digest. */
function allContents(): ReadonlyMap<Digest, string> {
  const digits = ['0', '1', '2', '3', '4'];
  const pairs = digits.flatMap((one) => digits.map((other) => one + other));
  const folder = (...files: [string, string][]): [Digest, string] => [
    digestOfTree({
      files: files.map(([name, text]) => treeFile({ path: name, digest: digestOf(text) })),
      emptyFolders: [],
    }),
    folderText(files),
  ];
  return new Map([
    ...[...digits, ...pairs].map((text): [Digest, string] => [digestOf(text), text]),
    ...pairs.map((text) => folder(['x', text])),
    ...digits.map((a) => folder(['a', a])),
    ...digits.flatMap((a) => digits.map((b) => folder(['a', a], ['b', b]))),
  ]);
}
const CONTENTS = allContents();

/** Expects a result to be the function of the contents that its key names. */
function expectRight({ action, preimage, outputs }: StoredResult): void {
  const texts = Object.values(PORTS).flatMap((port) => textOf(preimage.inputs[port]) ?? []);
  const out = CONTENTS.get(outputs.out?.digest as Digest) ?? 'unknown content';
  const expected = compute(Number(out[0]), Number(preimage.params.add), texts);
  expect({ action, texts, out, dir: CONTENTS.get(outputs.dir?.digest as Digest) }).toEqual({
    action,
    texts,
    out: expected,
    dir: folderText([['x', expected]]),
  });
}

const textOf = (input: InputIdentity | undefined): string | undefined =>
  input && 'digest' in input ? CONTENTS.get(input.digest) : undefined;

/** Allows restoring a time exactly. */
const OLD = 1_700_000_000;

function writeOwn(rig: Rig): void {
  for (const path of ['data/0', 'data/1', 'other/0', 'other/1', 'set/a']) {
    rig.write(path, String(path.length % 5));
    fs.utimesSync(rig.path(path), OLD, OLD);
  }
  fs.symlinkSync('data', rig.path('link'));
  fs.mkdirSync(rig.path('at'));
}

/** Makes an edit; returns a function that reverts it if it is temporary. */
function apply({ edit, which, to }: Edit, rig: Rig, world: World): (() => void) | undefined {
  const forAWhile = edit.endsWith('for a while');
  const own = ['data/0', 'data/1', 'set/a'][which % 3] as string;
  const write = (path: string, text: string, quietly: boolean) => {
    fs.writeFileSync(path, text);
    if (quietly) fs.utimesSync(path, OLD, OLD);
  };
  switch (edit) {
    case 'write':
    case 'write quietly':
    case 'write for a while':
    case 'write quietly for a while': {
      const quietly = edit.includes('quietly');
      const before = rig.read(own);
      write(rig.path(own), String(to), quietly);
      return forAWhile ? () => write(rig.path(own), before, quietly) : undefined;
    }
    case 'move another file over':
      write(rig.path('aside'), String(to), true);
      fs.renameSync(rig.path('aside'), rig.path(own));
      return undefined;
    case 'turn the link':
    case 'turn the link for a while': {
      const before = fs.readlinkSync(rig.path('link'));
      const turn = (target: string) => {
        fs.rmSync(rig.path('link'));
        fs.symlinkSync(target, rig.path('link'));
      };
      turn(before === 'data' ? 'other' : 'data');
      return forAWhile ? () => turn(before) : undefined;
    }
    case 'move the folder away for a while': {
      const move = (...names: string[]) => fs.renameSync(rig.path(names[0] ?? ''), rig.path(names[1] ?? ''));
      move('data', 'kept');
      move('other', 'data');
      return () => {
        move('data', 'other');
        move('kept', 'data');
      };
    }
    case 'add to the folder':
    case 'add to the folder for a while': {
      const before = rig.exists('set/b') ? rig.read('set/b') : undefined;
      rig.write('set/b', String(to));
      if (!forAWhile) return undefined;
      return () => (before === undefined ? rig.remove('set/b') : rig.write('set/b', before));
    }
    case 'write into the store':
    case 'write into the store for a while': {
      const blobs = fs.existsSync(rig.path('cache/blobs')) ? filesBelow(rig.path('cache/blobs')) : [];
      const blob = blobs[which % blobs.length];
      if (blob === undefined) return undefined;
      const path = rig.path(`cache/blobs/${blob}`);
      const before = fs.readFileSync(path);
      fs.cpSync(path, rig.path('time'), { preserveTimestamps: true });
      fs.chmodSync(path, 0o644);
      const writeBlob = (bytes: string | Uint8Array) => {
        fs.writeFileSync(path, bytes);
        execFileSync('touch', ['-r', rig.path('time'), path]);
      };
      writeBlob(`${to}${to}`);
      return forAWhile ? () => fs.existsSync(path) && writeBlob(before) : undefined;
    }
    case 'add to the store': {
      const blobs = filesBelow(rig.path('cache')).filter((path) => /^blobs.*\/x$/.test(path));
      const blob = blobs[which % blobs.length];
      if (blob === undefined) return undefined;
      const folder = join(rig.path('cache'), blob, '..');
      fs.chmodSync(folder, 0o755);
      fs.writeFileSync(join(folder, 'b'), String(to));
      return undefined;
    }
    case 'change the code':
      world.version = to;
      writeCode(rig, world);
      return undefined;
    case 'change the pipeline': {
      const i = which % world.steps.length;
      world.steps[i] = { add: to, from: world.steps[i]?.from ?? [] };
      writeCode(rig, world);
      return undefined;
    }
  }
}

type Outcomes = ReadonlyMap<string, ActionFinished>;

async function run(rig: Rig): Promise<Outcomes> {
  const outcomes = new Map<string, ActionFinished>();
  const running = engine.run({ pipeline: rig.path('pipeline.yaml'), jobs: 3, keepGoing: true });
  for (;;) {
    const next = await running.next();
    if (next.done) {
      if (!next.value.ok) throw new Error(JSON.stringify(next.value.error));
      return outcomes;
    }
    if (next.value.type === 'action-finished') outcomes.set(next.value.action, next.value);
  }
}

/** Runs; at every stop of an action reverts temporary edits, makes the next edit, and lets the action go on. */
async function runDisturbed(rig: Rig, world: World, all: readonly Edit[]): Promise<Outcomes> {
  rig.write('disturbed', '');
  const left = [...all];
  let takeBack: (() => void) | undefined;
  let outcomes: Outcomes | undefined;
  const running = run(rig).then((ended) => {
    outcomes = ended;
  });
  // Every stop is seen within moments, and the run ends after the last.
  while (outcomes === undefined) {
    for (const name of fs.readdirSync(rig.path('at'))) {
      takeBack?.();
      const edit = left.shift();
      takeBack = edit && apply(edit, rig, world);
      rig.remove(`at/${name}`);
    }
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 2))]);
  }
  takeBack?.();
  rig.remove('disturbed');
  return outcomes;
}

const resultsIn = (rig: Rig): StoredResult[] =>
  filesBelow(rig.path('cache/results')).flatMap((path) => {
    const key = path.replace(/.*\//, '').replace('.json', '') as StoredResult['key'];
    return readResult(storePaths(rig.path('cache')), key) ?? [];
  });

/** A disturbed action may fail. Every other action, and every result in the store, must be right for its key. */
function expectHonest(rig: Rig, outcomes: Outcomes): number {
  for (const result of fs.existsSync(rig.path('cache/results')) ? resultsIn(rig) : []) expectRight(result);
  const failed = [...outcomes.values()].flatMap((one) => (one.outcome === 'failed' ? [one.failure] : []));
  for (const { reason } of failed) {
    expect(['input-changed', 'input-damaged', 'input-missing', 'file-system']).toContain(reason);
  }
  const keys = readLastRun(storePaths(rig.path('cache')), rig.path('pipeline.yaml'))?.keys ?? {};
  for (const [action, { outcome }] of outcomes) {
    if (outcome !== 'executed' && outcome !== 'reused') continue;
    const key = keys[action];
    const result = key && readResult(storePaths(rig.path('cache')), key);
    const isShown = rig.exists(`out/${action}/out.txt`);
    // A write spoilt its input or its output meanwhile: the action that wrote has failed.
    if (!result || !isShown) expect({ action, failed: failed.length }).not.toEqual({ action, failed: 0 });
    if (result && isShown) {
      expect(digestOf(rig.read(`out/${action}/out.txt`))).toBe(result.outputs.out?.digest);
    }
  }
  return failed.length;
}

/** Expects an undisturbed run to equal a computation from scratch, and then to have nothing to do. */
async function expectHealed(rig: Rig, world: World): Promise<void> {
  const expected = Object.fromEntries(workOut(rig, world).map((text, i) => [`s${i}`, [text, text]]));
  const shown = () =>
    Object.fromEntries(
      world.steps.map((_, i) => [`s${i}`, [rig.read(`out/s${i}/out.txt`), rig.read(`out/s${i}/dir/x`)]]),
    );
  for (const outcome of (await run(rig)).values()) expect(['executed', 'reused']).toContain(outcome.outcome);
  expect(shown()).toEqual(expected);
  const planned = await engine.plan(engine.requestOf({ pipeline: rig.path('pipeline.yaml') }));
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  expect(planned.value.filter(({ decision }) => decision !== 'reuse')).toEqual([]);
  for (const { outcome } of (await run(rig)).values()) expect(outcome).toBe('reused');
  expect(shown()).toEqual(expected);
}

/** Sets the timestamps of the project's disk; returns a function that resets them. */
function stampedBy(clock: Clock, rig: Rig): () => void {
  const real = { statSync: fs.statSync, lstatSync: fs.lstatSync, statfsSync: fs.statfsSync };
  const inProject = (path: unknown) => String(path).startsWith(`${rig.folder}/`);
  const isOwn = (path: unknown) => /\/(data|other|link|set)(\/|$)/.test(String(path).slice(rig.folder.length));
  const restamp = (found: fs.BigIntStats | undefined, path: unknown) => {
    if (!found || typeof found.ctimeNs !== 'bigint' || !inProject(path)) return found;
    const own: { -readonly [K in keyof fs.BigIntStats]: fs.BigIntStats[K] } = found;
    if (clock === 'coarse') {
      for (const time of ['mtimeNs', 'ctimeNs'] as const) own[time] -= own[time] % 1_000_000_000n;
    } else if (isOwn(path)) {
      Object.assign(own, { dev: 4242n, mtimeNs: 0n, ctimeNs: 0n });
    }
    return own;
  };
  const FUSE = 0x65735546;
  const patched = {
    statSync: (path: fs.PathLike, ...rest: never[]) => restamp(real.statSync(path, ...rest) as never, path),
    lstatSync: (path: fs.PathLike, ...rest: never[]) => restamp(real.lstatSync(path, ...rest) as never, path),
    statfsSync: (path: fs.PathLike, ...rest: never[]) =>
      Object.assign(
        real.statfsSync(path, ...rest),
        clock === 'fixed' && isOwn(path) && inProject(path) && { type: FUSE },
      ),
  };
  if (clock !== 'fine') Object.assign(fs, patched);
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  };
}

/** If all times are equal, a change and its reversal cannot be noticed: only the first permanent change is made. */
const possibleOn = (clock: Clock, all: readonly Edit[]): readonly Edit[] =>
  clock === 'fixed' ? all.filter(({ edit }) => !edit.endsWith('for a while')).slice(0, 1) : all;

/** On a disk with whole seconds, a blob may be changed and reverted within a second while an action reads it. */
const WITHIN_A_SECOND: [World, Edit[][], Clock] = [
  {
    steps: [
      { add: 3, from: [20, 0] },
      { add: 4, from: [8] },
    ],
    version: 2,
  },
  [
    [
      { edit: 'write into the store', which: 28, to: 3 },
      { edit: 'turn the link for a while', which: 62, to: 3 },
      { edit: 'write into the store for a while', which: 92, to: 0 },
      { edit: 'write quietly for a while', which: 53, to: 4 },
    ],
  ],
  'coarse',
];

test('random pipelines that are edited while they run give no wrong result, and the next run repairs all', {
  timeout: 600_000,
}, async () => {
  let failures = 0;
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(edits, { minLength: 1, maxLength: 3 }), clocks, async (drawn, rounds, clock) => {
      const rig = makeRig({}, () => {});
      const world: World = { steps: [...drawn.steps], version: drawn.version };
      const asEver = stampedBy(clock, rig);
      try {
        writeOwn(rig);
        writeCode(rig, world);
        for (const all of rounds) {
          failures += expectHonest(rig, await runDisturbed(rig, world, possibleOn(clock, all)));
          await expectHealed(rig, world);
        }
      } finally {
        asEver();
        fs.rmSync(rig.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: Number(process.env.DAGS ?? 10), endOnFailure: true, examples: [WITHIN_A_SECOND] },
  );
  // Some edits disturbed an action.
  expect(failures).toBeGreaterThan(0);
});
