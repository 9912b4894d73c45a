import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import type { Action } from '../../src/pipeline/graph.ts';
import type { Resources } from '../../src/pipeline/pipeline.ts';
import { type Outcome, type Policy, schedule } from '../../src/schedule/schedule.ts';
import { actionOf, gathers, resultOf, stepOf, takes } from '../history/action.ts';

/** Lets everything happen that can happen without a further release. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs actions that each wait until the test lets them end. */
function held(actions: readonly Action[], policy: Partial<Policy> = {}) {
  const abort = new AbortController();
  const running = new Map<string, (outcome: Outcome) => void>();
  const free = new Map<string, () => void>();
  const started: string[] = [];
  const skipped: string[] = [];
  let most = 0;
  const ended = schedule(
    { actions },
    { jobs: 2, memory: 4e9, keepGoing: false, signal: abort.signal, ...policy },
    (action, results, shareFree) => {
      free.set(action.name, shareFree);
      for (const need of action.needs) {
        const partial = Object.values(action.inputs).some((input) => input.kind === 'gathered' && input.partial);
        if (!partial && !results(need)) throw new Error(`${action.name} began before ${need} had a result`);
      }
      started.push(action.name);
      return new Promise((resolve) => {
        running.set(action.name, resolve);
        most = Math.max(most, running.size);
      });
    },
    (action, { outcome, ...more }) =>
      void skipped.push([action.name, outcome, ...Object.values(more).flat()].join(' ')),
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
    shareFree: (name: string) => free.get(name)?.(),
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

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

describe('what runs when', () => {
  test('as many at once as there are jobs, in the order of the graph', async () => {
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

  test('an action begins when all that it needs have ended, and not before', async () => {
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

  test('an empty graph is done', async () => {
    expect(await held([]).outcomes()).toEqual({});
  });

  test('what it is handed are the results', async () => {
    const taken: unknown[] = [];
    const results = new Map([a, b].map(({ name }) => [name, resultOf(name)]));
    await schedule(
      { actions: [a, takes('b', a)] },
      { jobs: 1, memory: 4e9, keepGoing: false, signal: new AbortController().signal },
      async ({ name }, of) => {
        taken.push([name, of('a' as ActionName)]);
        const result = results.get(name);
        return result ? { outcome: 'reused', result } : { outcome: 'failed' };
      },
      () => {},
    );
    expect(taken).toEqual([
      ['a', undefined],
      ['b', results.get(a.name)],
    ]);
  });

  test('an exception is a bug, and comes out', async () => {
    const actions = [a, takes('b', a)];
    const policy = { jobs: 1, memory: 4e9, keepGoing: true, signal: new AbortController().signal };
    const failing = schedule(
      { actions },
      policy,
      () => Promise.reject(new Error('bug')),
      () => {},
    );
    await expect(failing).rejects.toThrow('bug');
  });

  test('nothing begins after that, and what runs is waited for', async () => {
    const heard: string[] = [];
    let finish = (_: Outcome) => {};
    const failing = schedule(
      { actions: [a, b, c] },
      { jobs: 2, memory: 4e9, keepGoing: true, signal: new AbortController().signal },
      ({ name }) => {
        heard.push(`${name} begins`);
        return name === 'a'
          ? Promise.reject(new Error('bug'))
          : new Promise((resolve) => {
              finish = resolve;
            });
      },
      ({ name }, { outcome }) => void heard.push(`${name} ${outcome}`),
    ).catch(({ message }) => void heard.push(message));
    await settled();
    expect(heard).toEqual(['a begins', 'b begins', 'c cancelled']);
    finish({ outcome: 'executed', result: resultOf('b') });
    await failing;
    expect(heard.slice(3)).toEqual(['bug']);
  });
});

describe('what an action takes', () => {
  test('of the places: its cpus', async () => {
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

  test('of the memory: what is left; nobody knows what the others take', async () => {
    const run = held([wants(a, { memory: 3e9 }), wants(b, { memory: 1e9 }), c, wants(d, { memory: 1 })], { jobs: 4 });
    await settled();
    expect(run.running()).toEqual(['a', 'b', 'c']);
    await run.finish('b');
    expect(run.running()).toEqual(['a', 'c', 'd']);
    for (const name of ['a', 'c', 'd']) await run.finish(name);
    await run.outcomes();
  });

  test.each([{ cpus: 3 }, { memory: 5e9 }])('more than there is (%o): it runs alone', async (all) => {
    const run = held([a, wants(b, all), c]);
    await settled();
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    expect(run.running()).toEqual(['b']);
    await run.finish('b');
    expect(run.running()).toEqual(['c']);
    await run.finish('c');
    await run.outcomes();
  });

  test('nothing goes before one that waits for its places, however small', async () => {
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

  test('one that waits for its places is cancelled as others are', async () => {
    const run = held([a, wants(b, { cpus: 2 }), takes('e', b)]);
    await settled();
    await run.fail('a');
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'cancelled', e: 'cancelled' });
    expect(run.started).toEqual(['a']);
  });
});

describe('what only waits for the disk', () => {
  test('leaves its share to another one, and counts when it has ended', async () => {
    const run = held([a, b, c, takes('e', a)]);
    await settled();
    run.shareFree('a');
    run.shareFree('a');
    expect(run.running()).toEqual(['a', 'b', 'c']);
    await run.finish('c');
    expect(run.running()).toEqual(['a', 'b']);
    await run.finish('b');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    expect(run.running()).toEqual(['e']);
    run.shareFree('e');
    await run.finish('e');
    expect(await run.outcomes()).toEqual({ a: 'executed', b: 'executed', c: 'executed', e: 'executed' });
  });

  test('keeps its share where many wait already', async () => {
    const many = Array.from({ length: 12 }, (_, i) => takes(`n${i}`));
    const run = held(many);
    await settled();
    for (const { name } of many) run.shareFree(name);
    expect(run.running()).toHaveLength(10);
    await run.finish('n0');
    expect(run.running()).toHaveLength(9);
    for (const { name } of many.slice(1)) await run.finish(name);
    await run.outcomes();
  });

  test('keeps its share where one at a time is asked for', async () => {
    const run = held([a, b], { jobs: 1 });
    await settled();
    run.shareFree('a');
    expect(run.running()).toEqual(['a']);
    await run.finish('a');
    await run.finish('b');
    await run.outcomes();
  });

  test('and failed after all, begins nothing more', async () => {
    const run = held([a, b, c, d]);
    await settled();
    run.shareFree('a');
    await run.fail('a');
    await run.finish('b');
    await run.finish('c');
    expect(await run.outcomes()).toMatchObject({ a: 'failed', b: 'executed', c: 'executed', d: 'cancelled' });
  });
});

describe('after a failure', () => {
  test('what runs may finish, nothing new starts', async () => {
    const run = held([a, b, c, takes('e', a), takes('f', b)]);
    await settled();
    await run.fail('a');
    expect(run.running()).toEqual(['b']);
    await run.finish('b');
    expect(run.started).toEqual(['a', 'b']);
    expect(await run.outcomes()).toEqual({ a: 'failed', b: 'executed', c: 'cancelled', e: 'blocked', f: 'cancelled' });
    expect(run.skipped.sort()).toEqual(['c cancelled', 'e blocked a', 'f cancelled']);
  });

  test('with keepGoing everything that does not depend on it goes on', async () => {
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

  test('what is blocked names every failed action behind it once', async () => {
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

  test('that is partial does with what succeeded, where the run keeps going', async () => {
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
  ])('that %s is blocked', async (_, partial, keepGoing, failing) => {
    const run = held([a, b, gather(partial)], { keepGoing });
    await settled();
    for (const name of ['a', 'b']) await (failing.includes(name) ? run.fail(name) : run.finish(name));
    expect(await run.outcomes()).toMatchObject({ gather: 'blocked' });
    expect(run.skipped).toEqual([`gather blocked ${failing.join(' ')}`]);
  });

  test('that is partial does not excuse another input of the same actions', async () => {
    const both = { some: gathers([a, b], true, 'one'), all: gathers([a, b], false, 'other') };
    const run = held([a, b, actionOf(stepOf('gather'), null, both)], { keepGoing: true });
    await settled();
    await run.fail('a');
    await run.finish('b');
    expect(await run.outcomes()).toMatchObject({ gather: 'blocked' });
  });
});

describe('an abort', () => {
  test('starts nothing more; what the task did about it stands, and is told once', async () => {
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

  test('from the beginning runs nothing', async () => {
    const run = held([a, takes('e', a)], { signal: AbortSignal.abort() });
    expect(await run.outcomes()).toEqual({ a: 'cancelled', e: 'cancelled' });
    expect(run.started).toEqual([]);
  });
});

test('any graph: each action once, after its needs, never more than there is at once, none forgotten', async () => {
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
          if (keepGoing) expect(outcomes[name]).toBe(!met ? 'blocked' : failing.has(name) ? 'failed' : 'executed');
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('a recording goes on before another one begins', async () => {
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
