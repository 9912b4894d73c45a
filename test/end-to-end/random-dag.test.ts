/**
 * Changes random pipelines and runs them again, against an oracle that computes everything anew. The oracle predicts the
 * contents of out/ and the executed actions: those whose code, parameters and inputs never occurred together before.
 */

import { chmodSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, filesBelow } from '../../src/files/digest.ts';
import type { ActionFinished, ActionPlanned } from '../../src/history/event.ts';
import { storePaths } from '../../src/store/layout.ts';
import { makeRig, type Rig } from './rig.ts';
import { taskModule } from './task-module.ts';

const dist = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const engine = (await import(pathToFileURL(dist).href)) as typeof import('../../src/index.ts');

const RECORDINGS = ['a', 'b'];
const TASKS = 3;
const FILES = 2;

/** A step takes one or two earlier steps or files; numbers are taken modulo the number of candidates. */
interface StepDraft {
  readonly task: number;
  readonly each: boolean;
  readonly from: readonly number[];
  readonly add: number;
}

interface Code {
  readonly salt: number;
  /** Small, so that outputs often stay the same and later steps are reused. */
  readonly modulo: number;
}

interface World {
  steps: StepDraft[];
  code: Code[];
  files: number[];
}

type Change =
  | { readonly change: 'add'; readonly step: number; readonly to: number }
  | { readonly change: 'from'; readonly step: number; readonly to: readonly number[] }
  | { readonly change: 'code'; readonly task: number; readonly to: Code }
  | { readonly change: 'comment'; readonly task: number }
  | { readonly change: 'file'; readonly file: number; readonly to: number }
  | { readonly change: 'out-gone' | 'out-edited' | 'blob-lost'; readonly which: number }
  | { readonly change: 'gc' };

const small = fc.nat({ max: 4 });
const drafts = fc.record({
  task: fc.nat({ max: TASKS - 1 }),
  each: fc.boolean(),
  from: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 2 }),
  add: small,
});
const codes = fc.record({ salt: small, modulo: fc.integer({ min: 2, max: 5 }) });
const worlds = fc.record({
  steps: fc.array(drafts, { minLength: 1, maxLength: 6 }),
  code: fc.array(codes, { minLength: TASKS, maxLength: TASKS }),
  files: fc.array(small, { minLength: FILES * RECORDINGS.length, maxLength: FILES * RECORDINGS.length }),
});
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ change: fc.constant('add' as const), step: fc.nat(20), to: small }),
  fc.record({ change: fc.constant('from' as const), step: fc.nat(20), to: drafts.map(({ from }) => from) }),
  fc.record({ change: fc.constant('code' as const), task: fc.nat(TASKS - 1), to: codes }),
  fc.record({ change: fc.constant('comment' as const), task: fc.nat(TASKS - 1) }),
  fc.record({ change: fc.constant('file' as const), file: fc.nat(20), to: small }),
  fc.record({ change: fc.constantFrom('out-gone', 'out-edited', 'blob-lost'), which: fc.nat(100) }),
  fc.record({ change: fc.constant('gc' as const) }),
);

/** The function of a task, for the oracle and as text in the task modules. */
const compute = ({ salt, modulo }: Code, add: number, inputs: readonly string[]): string =>
  String(inputs.reduce((sum, text) => sum * 3 + Number(text), salt + add) % modulo);

const moduleText = ({ salt, modulo }: Code, inputs: string, texts: string, comment: string): string =>
  taskModule(
    `
    // ${comment}
    const texts = [${texts}].flatMap((path) => (path === undefined ? [] : [readFileSync(path, 'utf8')]));
    outputs.out.write(Buffer.from(String(texts.reduce((sum, text) => sum * 3 + Number(text), ${salt} + params.add) % ${modulo})));`,
    { inputs, params: "add: { type: 'integer' }" },
  );

const single = (code: Code, comment: string) =>
  moduleText(code, 'one: file(), two: file({ optional: true })', 'inputs.one, inputs.two', comment);
const gathering = (code: Code, comment: string) =>
  moduleText(
    code,
    'all: gathered(file()), two: file({ optional: true })',
    '...inputs.all.map(({ value }) => value), inputs.two',
    comment,
  );

type Source = { readonly file: number } | { readonly step: number };

/** A step of the pipeline: the sources of its one or two inputs, and whether the first gathers. */
interface Step extends Pick<StepDraft, 'task' | 'each' | 'add'> {
  readonly one: Source;
  readonly two: Source | null;
  readonly gathers: boolean;
}

/** Makes a valid pipeline of random numbers. */
function stepsOf({ steps }: World): Step[] {
  return steps.map(({ task, each, from, add }, i) => {
    const source = (drawn: number): Source => {
      const n = drawn % (i + FILES);
      return n < i ? { step: n } : { file: n - i };
    };
    const spreads = (one: Source) => 'step' in one && steps[one.step]?.each === true;
    const one = source(from[0] ?? 0);
    const two = from[1] === undefined ? null : source(from[1]);
    // A step that runs once takes the recordings of another step by gathering, and only through its first input.
    return { task, each, add, one, two: !each && two && spreads(two) ? null : two, gathers: !each && spreads(one) };
  });
}

function pipelineText(steps: readonly Step[]): string {
  const lines = steps.map(({ task, each, one, two, gathers, add }, i) => {
    const input = (source: Source) =>
      'step' in source ? `s${source.step}.out` : `{ file: "data/${each ? '{recording}' : 'a'}-${source.file}" }`;
    const inputs = [`${gathers ? 'all' : 'one'}: ${input(one)}`, ...(two ? [`two: ${input(two)}`] : [])];
    return `  s${i}: { uses: ./${gathers ? 'g' : 't'}${task}.ts${each ? ', each: recording' : ''}, inputs: { ${inputs.join(', ')} }, params: { add: ${add} } }\n`;
  });
  return `each: { recording: [${RECORDINGS.join(', ')}] }\nsteps:\n${lines.join('')}`;
}

/** An action of the oracle: its output, and everything that the output depends on. */
interface Worked {
  readonly identity: string;
  readonly output: string;
}

function workOut(world: World): Map<string, Worked> {
  const worked = new Map<string, Worked>();
  const steps = stepsOf(world);
  const outputOf = (name: string) => worked.get(name)?.output ?? 'none';
  for (const [i, { task, each, one, two, gathers, add }] of steps.entries()) {
    for (const recording of each ? RECORDINGS : [null]) {
      const text = (source: Source): string => {
        if ('file' in source) return String(world.files[fileNumber(recording ?? 'a', source.file)]);
        return outputOf(steps[source.step]?.each ? `s${source.step}@${recording}` : `s${source.step}`);
      };
      const first = gathers && 'step' in one ? RECORDINGS.map((name) => outputOf(`s${one.step}@${name}`)) : [text(one)];
      const second = two ? [text(two)] : [];
      const code = world.code[task] ?? { salt: 0, modulo: 2 };
      const output = compute(code, add, [...first, ...second]);
      const name = recording === null ? `s${i}` : `s${i}@${recording}`;
      // An action sees the extension of each input: empty for a user's file here, .txt for an output.
      const extensions = [one, ...(two ? [two] : [])].map((source) => ('file' in source ? '' : '.txt'));
      worked.set(name, { identity: JSON.stringify({ code, gathers, add, first, second, extensions }), output });
    }
  }
  return worked;
}

const fileNumber = (recording: string, file: number) => RECORDINGS.indexOf(recording) * FILES + file;

function writeAll(rig: Rig, world: World, comment: string): void {
  rig.write('pipeline.yaml', pipelineText(stepsOf(world)));
  for (const [task, code] of world.code.entries()) {
    rig.write(`t${task}.ts`, single(code, comment));
    rig.write(`g${task}.ts`, gathering(code, comment));
  }
  for (const recording of RECORDINGS) {
    for (let file = 0; file < FILES; file++) {
      rig.write(`data/${recording}-${file}`, String(world.files[fileNumber(recording, file)]));
    }
  }
}

/** The expected contents of the store: outputs by identity, and for each action the identity of its last result. */
interface Known {
  readonly outputs: Map<string, string>;
  /** Identities whose output was lost; any action that makes the same content brings them back. */
  readonly lost: Map<string, string>;
  readonly last: Map<string, string>;
}

function apply(change: Change, rig: Rig, world: World, { outputs, lost, last }: Known): void {
  const at = <T>(list: readonly T[], drawn: number): T => list[drawn % list.length] as T;
  switch (change.change) {
    case 'add':
    case 'from': {
      const i = change.step % world.steps.length;
      const step = at(world.steps, i);
      world.steps[i] = change.change === 'add' ? { ...step, add: change.to } : { ...step, from: change.to };
      return;
    }
    case 'code':
      world.code[change.task] = change.to;
      return;
    case 'comment':
      return;
    case 'file':
      world.files[change.file % world.files.length] = change.to;
      return;
    case 'out-gone':
    case 'out-edited': {
      const shown = filesBelow(rig.path('out')).filter((path) => path.endsWith('.txt'));
      if (change.change === 'out-gone') rig.remove(join('out', at(shown, change.which)));
      else rig.write(join('out', at(shown, change.which)), 'edited');
      return;
    }
    case 'blob-lost': {
      if (outputs.size === 0) return;
      const output = at([...outputs.values()], change.which);
      const path = storePaths(rig.path('cache')).blob(digestOf(output));
      chmodSync(path, 0o644);
      if (change.which % 2) truncateSync(path);
      else rmSync(path);
      for (const [identity, own] of outputs) {
        if (own !== output) continue;
        outputs.delete(identity);
        lost.set(identity, output);
      }
      return;
    }
    case 'gc': {
      const freed = engine.gc({ store: rig.path('cache'), keepRuns: 1, maxSize: null, dryRun: false });
      expect(freed).toMatchObject({ ok: true });
      const kept = new Set(last.values());
      for (const known of [outputs, lost]) {
        for (const identity of known.keys()) if (!kept.has(identity)) known.delete(identity);
      }
      return;
    }
  }
}

async function runOnce(rig: Rig): Promise<Map<string, ActionFinished['outcome']>> {
  const outcomes = new Map<string, ActionFinished['outcome']>();
  const running = engine.run({ pipeline: rig.path('pipeline.yaml'), jobs: 3 });
  for (;;) {
    const next = await running.next();
    if (next.done) {
      if (!next.value.ok) throw new Error(JSON.stringify(next.value.error));
      return outcomes;
    }
    if (next.value.type === 'action-finished') outcomes.set(next.value.action, next.value.outcome);
  }
}

async function planOnce(rig: Rig): Promise<Map<string, ActionPlanned['decision']>> {
  const planned = await engine.plan(engine.requestOf({ pipeline: rig.path('pipeline.yaml') }));
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return new Map(planned.value.map(({ action, decision }) => [action, decision]));
}

/** Plans and runs, and compares both with the oracle. */
async function round(rig: Rig, world: World, { outputs, lost, last }: Known): Promise<void> {
  const worked = workOut(world);
  const planned = await planOnce(rig);
  const outcomes = await runOnce(rig);
  expect([...outcomes.keys()].sort()).toEqual([...worked.keys()].sort());

  const byIdentity = new Map<string, string[]>();
  for (const [name, { identity }] of worked) byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), name]);
  const executedOf = (names: readonly string[]) => names.filter((name) => outcomes.get(name) === 'executed').length;
  for (const [identity, names] of byIdentity) {
    // Equal actions share a result: any of them makes it, once.
    const executed = executedOf(names);
    const isBack = [...byIdentity].some(
      ([other, makers]) =>
        other !== identity && worked.get(makers[0] ?? '')?.output === lost.get(identity) && executedOf(makers) > 0,
    );
    const expected = outputs.has(identity) || (isBack && executed === 0) ? 0 : 1;
    expect({ names, executed }).toEqual({ names, executed: expected });
    for (const name of names) {
      const decision = planned.get(name);
      if (decision === 'reuse') expect({ name, outcome: outcomes.get(name) }).toEqual({ name, outcome: 'reused' });
      if (decision === 'execute' && !isBack) expect({ name, executed }).toEqual({ name, executed: 1 });
    }
  }
  // The plan knows everything that can be known before the run.
  for (const [name, decision] of planned) {
    if (decision === 'unknown') expect([...planned.values()]).toContain('execute');
    else
      expect({ name, decision }).toEqual({
        name,
        decision: outputs.has(worked.get(name)?.identity ?? '') ? 'reuse' : 'execute',
      });
  }

  const shown = Object.fromEntries(
    [...worked].map(([name]) => [name, rig.read(`out/${name.replace('@', '/')}/out.txt`)]),
  );
  expect(shown).toEqual(Object.fromEntries([...worked].map(([name, { output }]) => [name, output])));
  for (const [name, { identity, output }] of worked) {
    outputs.set(identity, output);
    last.set(name, identity);
  }
  for (const [identity, output] of lost) {
    if (![...worked.values()].some((one) => one.output === output)) continue;
    lost.delete(identity);
    outputs.set(identity, output);
  }
}

test('run and plan agree with the oracle on random pipelines with random changes', { timeout: 600_000 }, async () => {
  let rounds = 0;
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(fc.array(changes, { maxLength: 2 }), { maxLength: 5 }), async (drawn, all) => {
      const rig = makeRig({}, () => {});
      const world: World = { steps: [...drawn.steps], code: [...drawn.code], files: [...drawn.files] };
      const known: Known = { outputs: new Map(), lost: new Map(), last: new Map() };
      try {
        writeAll(rig, world, 'as it was');
        await round(rig, world, known);
        for (const [i, some] of all.entries()) {
          for (const change of some) apply(change, rig, world, known);
          writeAll(rig, world, some.some(({ change }) => change === 'comment') ? `comment ${i}` : 'as it was');
          await round(rig, world, known);
          rounds++;
        }
      } finally {
        rmSync(rig.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: Number(process.env.DAGS ?? 10), endOnFailure: true },
  );
  expect(rounds).toBeGreaterThan(10);
});
