import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import type { Action } from '../../src/pipeline/graph.ts';
import type { Resources } from '../../src/pipeline/pipeline.ts';
import type { Outcome } from '../../src/schedule/outcomes.ts';
import { type Policy, schedule } from '../../src/schedule/schedule.ts';
import { actionOf, gathers, resultOf, stepOf, takes } from '../history/action.ts';

/** Lets everything happen that can happen without a further release. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs actions that each wait until the test lets them end. */
function held(actions: readonly Action[], policy: Partial<Policy> = {}) {
  const abort = new AbortController();
  const running = new Map<string, (outcome: Outcome) => void>();
  const releases = new Map<string, () => void>();
  const started: string[] = [];
  const skipped: string[] = [];
  let most = 0;
  const ended = schedule(
    { actions },
    { jobs: 2, memory: 4e9, keepGoing: false, signal: abort.signal, ...policy },
    {
      perform(action, turn) {
        releases.set(action.name, turn.releaseShare);
        for (const need of action.needs) {
          const partial = Object.values(action.inputs).some((input) => input.kind === 'gathered' && input.partial);
          if (!partial && !turn.resultOf(need)) throw new Error(`${action.name} began before ${need} had a result`);
        }
        started.push(action.name);
        return new Promise((resolve) => {
          running.set(action.name, resolve);
          most = Math.max(most, running.size);
        });
      },
      skip: (action, { outcome, ...more }) =>
        void skipped.push([action.name, outcome, ...Object.values(more).flat()].join(' ')),
    },
  );
  const end = async (name: string, outcome: Outcome) => {
    const release = running.get(name);
    if (!release) throw new Error(`${name} does not run`);
    running.delete(name);
    release(outcome);
    await settled();
  };
  return {
    abort,
    started,
    skipped,
    running: () => [...running.keys()],
    most: () => most,
    async releaseShare(name: string) {
      releases.get(name)?.();
      await settled();
    },
    finish: (name: string) => end(name, { outcome: 'executed', result: resultOf(name) }),
    fail: (name: string) => end(name, { outcome: 'failed' }),
    cancel: (name: string) => end(name, { outcome: 'cancelled' }),
    outcomes: async () => Object.fromEntries([...(await ended)].map(([name, { outcome }]) => [name, outcome])),
  };
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => takes(name)) as [Action, Action, Action, Action];

/** The action with other resources. */
const wants = (action: Action, resources: Partial<Resources>): Action => ({
  ...action,
  step: { ...action.step, resources: { ...action.step.resources, ...resources } },
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

describe('the order of actions', () => {
  test('runs as many actions at once as there are jobs, in the order of the graph', async () => {
    const run = held([a, b, c, d]);
    await settled();
    expect(run.running()).toEqual(['a', 'b']);
    await run.finish('b');
    expect(run.running()).toEqual(['a', 'c']);
    await run.finish('a');
    await run.finish('c');
    expect(run.running()).toEqual(['d']);
    await run.finish('d');
    expect(run.started).toEqual(['a', 'b', 'c', 'd']);
    expect(await run.outcomes()).toEqual({ a: 'executed', b: 'executed', c: 'executed', d: 'executed' });
    expect(run.skipped).toEqual([]);
  });

  test('starts an action once all its needs have ended, and not before', async () => {
    const last = takes('last', a, b);
    const run = held([a, b, last], { jobs: 9 });
    await settled();
    expect(run.running()).toEqual(['a', 'b']);
    await run.finish('b');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    expect(run.running()).toEqual(['last']);
    await run.finish('last');
    await run.outcomes();
  });

  test('resolves at once for an empty graph', async () => {
    expect(await held([]).outcomes()).toEqual({});
  });

  test('gives an action the results of its needs', async () => {
    const taken: unknown[] = [];
    const results = new Map([a, b].map(({ name }) => [name, resultOf(name)]));
    await schedule(
      { actions: [a, takes('b', a)] },
      { jobs: 1, memory: 4e9, keepGoing: false, signal: new AbortController().signal },
      {
        async perform({ name }, turn) {
          taken.push([name, turn.resultOf('a' as ActionName)]);
          const result = results.get(name);
          return result ? { outcome: 'reused', result } : { outcome: 'failed' };
        },
        skip() {},
      },
    );
    expect(taken).toEqual([
      ['a', undefined],
      ['b', results.get(a.name)],
    ]);
  });

  test('rejects with an exception of perform', async () => {
    const actions = [a, takes('b', a)];
    const policy = { jobs: 1, memory: 4e9, keepGoing: true, signal: new AbortController().signal };
    const failing = schedule({ actions }, policy, { perform: () => Promise.reject(new Error('bug')), skip() {} });
    await expect(failing).rejects.toThrow('bug');
  });

  test('after an exception starts nothing, and waits for running actions', async () => {
    const heard: string[] = [];
    let finish = (_: Outcome) => {};
    const failing = schedule(
      { actions: [a, b, c] },
      { jobs: 2, memory: 4e9, keepGoing: true, signal: new AbortController().signal },
      {
        perform({ name }) {
          heard.push(`${name} begins`);
          if (name === 'a') return Promise.reject(new Error('bug'));
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
        skip: ({ name }, { outcome }) => void heard.push(`${name} ${outcome}`),
      },
    ).catch(({ message }) => void heard.push(message));
    await settled();
    expect(heard).toEqual(['a begins', 'b begins', 'c cancelled']);
    finish({ outcome: 'executed', result: resultOf('b') });
    await failing;
    expect(heard.slice(3)).toEqual(['bug']);
  });
});

describe('the share of an action', () => {
  test('an action takes as many jobs as it has cpus', async () => {
    const run = held([wants(a, { cpus: 2 }), b, c, wants(d, { cpus: 2 })], { jobs: 3 });
    await settled();
    expect(run.running()).toEqual(['a', 'b']);
    await run.finish('a');
    expect(run.running()).toEqual(['b', 'c']);
    await run.finish('b');
    expect(run.running()).toEqual(['c', 'd']);
    await run.finish('c');
    await run.finish('d');
    await run.outcomes();
  });

  test('an action with a memory need waits until that much is left', async () => {
    const run = held([wants(a, { memory: 3e9 }), wants(b, { memory: 1e9 }), c, wants(d, { memory: 1 })], { jobs: 4 });
    await settled();
    expect(run.running()).toEqual(['a', 'b', 'c']);
    await run.finish('b');
    expect(run.running()).toEqual(['a', 'c', 'd']);
    for (const name of ['a', 'c', 'd']) await run.finish(name);
    await run.outcomes();
  });

  test.each([{ cpus: 3 }, { memory: 5e9 }])(
    'an action that needs more than the capacity (%o) runs alone',
    async (all) => {
      const run = held([a, wants(b, all), c]);
      await settled();
      expect(run.running()).toEqual(['a']);
      await run.finish('a');
      expect(run.running()).toEqual(['b']);
      await run.finish('b');
      expect(run.running()).toEqual(['c']);
      await run.finish('c');
      await run.outcomes();
    },
  );

  test('no small action overtakes a large action that waits for its share', async () => {
    const small = ['e', 'f', 'g'].map((name) => takes(name, a));
    const run = held([a, b, wants(c, { cpus: 2 }), d, ...small]);
    await settled();
    await run.finish('b');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    expect(run.running()).toEqual(['c']);
    await run.finish('c');
    expect(run.running()).toEqual(['d', 'e']);
    for (const name of ['d', 'e', 'f', 'g']) await run.finish(name);
    await run.outcomes();
  });

  test('a failure cancels an action that waits for its share', async () => {
    const run = held([a, wants(b, { cpus: 2 }), takes('e', b)]);
    await settled();
    await run.fail('a');
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'cancelled', e: 'cancelled' });
    expect(run.started).toEqual(['a']);
  });
});

describe('an action that only waits for the disk', () => {
  test('an action that releases its share lets another start, and has a result only at its end', async () => {
    const run = held([a, b, c, takes('e', a)]);
    await settled();
    await run.releaseShare('a');
    await run.releaseShare('a');
    expect(run.running()).toEqual(['a', 'b', 'c']);
    await run.finish('c');
    expect(run.running()).toEqual(['a', 'b']);
    await run.finish('b');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    expect(run.running()).toEqual(['e']);
    await run.releaseShare('e');
    await run.finish('e');
    expect(await run.outcomes()).toEqual({ a: 'executed', b: 'executed', c: 'executed', e: 'executed' });
  });

  test('an action keeps its share if eight run without theirs', async () => {
    const many = Array.from({ length: 12 }, (_, i) => takes(`n${i}`));
    const run = held(many);
    await settled();
    for (const { name } of many) await run.releaseShare(name);
    expect(run.running()).toHaveLength(10);
    await run.finish('n0');
    expect(run.running()).toHaveLength(9);
    for (const { name } of many.slice(1)) await run.finish(name);
    await run.outcomes();
  });

  test('an action keeps its share if the run has a single job', async () => {
    const run = held([a, b], { jobs: 1 });
    await settled();
    await run.releaseShare('a');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    await run.finish('b');
    await run.outcomes();
  });

  test('an action that fails after it released its share stops the run', async () => {
    const run = held([a, b, c, d]);
    await settled();
    await run.releaseShare('a');
    await run.fail('a');
    await run.finish('b');
    await run.finish('c');
    expect(await run.outcomes()).toMatchObject({ a: 'failed', b: 'executed', c: 'executed', d: 'cancelled' });
  });
});

describe('after a failure', () => {
  test('after a failure running actions finish, and no action starts', async () => {
    const run = held([a, b, c, takes('e', a), takes('f', b)]);
    await settled();
    await run.fail('a');
    expect(run.running()).toEqual(['b']);
    await run.finish('b');
    expect(run.started).toEqual(['a', 'b']);
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'executed', c: 'cancelled', e: 'blocked', f: 'cancelled' });
    expect(run.skipped.sort()).toEqual(['c cancelled', 'e blocked a', 'f cancelled']);
  });

  test('with keepGoing all actions that do not depend on a failed action go on', async () => {
    const e = takes('e', a);
    const run = held([a, b, e, takes('f', e, b), takes('g', b)], { keepGoing: true });
    await settled();
    await run.fail('a');
    await run.finish('b');
    expect(run.running()).toEqual(['g']);
    await run.finish('g');
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'executed', e: 'blocked', f: 'blocked', g: 'executed' });
    expect(run.skipped).toEqual(['e blocked a', 'f blocked a']);
  });

  test('a blocked action names every failed action behind it once', async () => {
    const [e, f] = [takes('e', a, b), takes('f', b)];
    const run = held([a, b, e, f, takes('g', e, f)], { keepGoing: true });
    await settled();
    await run.fail('a');
    await run.fail('b');
    await run.outcomes();
    expect(run.skipped).toContain('g blocked a b');
  });
});

describe('a gathering', () => {
  const gather = (partial: boolean, from: Action[] = [a, b]) =>
    actionOf(stepOf('gather'), null, { all: gathers(from, partial) });

  test('with keepGoing a partial gathering starts with the recordings that succeeded', async () => {
    const run = held([a, b, gather(true)], { keepGoing: true });
    await settled();
    await run.fail('a');
    await run.finish('b');
    expect(run.running()).toEqual(['gather']);
    await run.finish('gather');
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'executed', gather: 'executed' });
  });

  test.each([
    ['is not partial', false, true, ['a']],
    ['is partial in a run that stops at a failure', true, false, ['a']],
    ['is partial and has nothing left', true, true, ['a', 'b']],
  ])('blocks a gathering that %s', async (_, partial, keepGoing, failing) => {
    const run = held([a, b, gather(partial)], { keepGoing });
    await settled();
    for (const name of ['a', 'b']) await (failing.includes(name) ? run.fail(name) : run.finish(name));
    expect(await run.outcomes()).toMatchObject({ gather: 'blocked' });
    expect(run.skipped).toEqual([`gather blocked ${failing.join(' ')}`]);
  });

  test('a partial gathering does not excuse another input from the same actions', async () => {
    const both = { some: gathers([a, b], true, 'one'), all: gathers([a, b], false, 'other') };
    const run = held([a, b, actionOf(stepOf('gather'), null, both)], { keepGoing: true });
    await settled();
    await run.fail('a');
    await run.finish('b');
    expect(await run.outcomes()).toMatchObject({ gather: 'blocked' });
  });
});

describe('an abort', () => {
  test('an abort starts nothing more, and keeps the outcomes of running actions', async () => {
    const run = held([a, b, c, takes('e', a), takes('f', b)], { keepGoing: true });
    await settled();
    run.abort.abort();
    await run.cancel('a');
    await run.finish('b');
    expect(await run.outcomes()).toEqual({
      a: 'cancelled',
      b: 'executed',
      c: 'cancelled',
      e: 'cancelled',
      f: 'cancelled',
    });
    expect(run.started).toEqual(['a', 'b']);
    expect(run.skipped.sort()).toEqual(['c cancelled', 'e cancelled', 'f cancelled']);
  });

  test('an abort before the start runs nothing', async () => {
    const run = held([a, takes('e', a)], { signal: AbortSignal.abort() });
    expect(await run.outcomes()).toEqual({ a: 'cancelled', e: 'cancelled' });
    expect(run.started).toEqual([]);
  });
});

test('any graph: performs or skips each action once, after its needs, within the capacity', async () => {
  const graphs = fc.array(
    fc.record({
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      fails: fc.nat(9),
      cpus: fc.option(fc.integer({ min: 1, max: 5 })),
      memory: fc.option(fc.nat(5)),
    }),
    {
      maxLength: 20,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.nat(1000),
      async (list, jobs, keepGoing, order) => {
        const actions: Action[] = [];
        for (const [i, { needs, ...resources }] of list.entries()) {
          actions.push(wants(takes(`n${i}`, ...needs.flatMap((need) => actions[need] ?? [])), resources));
        }
        const failing = new Set(list.flatMap(({ fails }, i) => (fails === 0 ? [`n${i}`] : [])));
        const run = held(actions, { jobs, memory: 4, keepGoing });
        await settled();
        for (let turn = order; run.running().length > 0; turn++) {
          const running = run.running();
          if (running.length > 1) {
            const taken = list.filter((_, i) => running.includes(`n${i}`));
            expect(sum(taken.map(({ cpus }) => cpus ?? 1))).toBeLessThanOrEqual(jobs);
            expect(sum(taken.map(({ memory }) => memory ?? 0))).toBeLessThanOrEqual(4);
          }
          const name = running[turn % running.length] as string;
          await (failing.has(name) ? run.fail(name) : run.finish(name));
        }
        const outcomes = await run.outcomes();
        expect(Object.keys(outcomes).sort()).toEqual(actions.map(({ name }) => name as string).sort());
        expect(new Set(run.started).size).toBe(run.started.length);
        expect(run.started.length + run.skipped.length).toBe(actions.length);
        expect(run.most()).toBeLessThanOrEqual(jobs);
        for (const { name, needs } of actions) {
          const met = needs.every((need) => outcomes[need] === 'executed');
          const reachedByFailure = needs.some((need) => ['failed', 'blocked'].includes(outcomes[need] ?? ''));
          if (outcomes[name] === 'blocked') expect(reachedByFailure).toBe(true);
          const performed = failing.has(name) ? 'failed' : 'executed';
          if (keepGoing) expect(outcomes[name]).toBe(met ? performed : 'blocked');
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('finishes a recording before it starts another', async () => {
  const each = (step: string, need?: string) =>
    ['a', 'b', 'c'].map((recording) =>
      actionOf(
        stepOf(step),
        recording,
        need ? { in: { kind: 'port', action: `${need}@${recording}` as ActionName, port: 'out' } } : {},
      ),
    );
  const run = held([...each('make'), ...each('judge', 'make')]);
  await settled();
  expect(run.running()).toEqual(['make@a', 'make@b']);
  await run.finish('make@a');
  expect(run.running()).toEqual(['make@b', 'judge@a']);
  await run.finish('make@b');
  expect(run.running()).toEqual(['judge@a', 'judge@b']);
  await run.finish('judge@a');
  await run.finish('judge@b');
  await run.finish('make@c');
  await run.finish('judge@c');
  expect(run.started).toEqual(['make@a', 'make@b', 'judge@a', 'judge@b', 'make@c', 'judge@c']);
});
