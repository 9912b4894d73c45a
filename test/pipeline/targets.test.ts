import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import { expand } from '../../src/pipeline/expand.ts';
import type { Action, Graph } from '../../src/pipeline/graph.ts';
import { selectTargets } from '../../src/pipeline/targets.ts';
import { steps, valid } from './check/mistakes.ts';
import { randomPipelines } from './random-pipelines.ts';

const namesOf = ({ actions }: Graph): readonly ActionName[] => actions.map(({ name }) => name);

/** Actions unzip@r1, unzip@r2, detect@r1, detect@r2 and summary, which gathers from unzip. */
const graph = expand(
  valid(`${steps('')}  summary:
    uses: ./summary.ts
    inputs: { verdicts: { from: unzip.info, partial: true } }
`),
);

function select(targets: readonly string[], skip: readonly string[] = []) {
  const selected = selectTargets(graph, { targets, skip });
  if (!selected.ok) return selected.error;
  return { actions: namesOf(selected.value), targets: selected.value.targets, notSelected: selected.value.notSelected };
}

const targetsOf = (...targets: string[]) => {
  const selected = select(targets);
  return 'reason' in selected ? selected : selected.targets;
};

test('selectTargets selects an action, a step, both, or everything', () => {
  expect(select(['detect@r2'])).toEqual({
    actions: ['unzip@r2', 'detect@r2'],
    targets: ['detect@r2'],
    notSelected: [],
  });
  expect(select(['summary', 'detect@r1'])).toMatchObject({
    actions: ['unzip@r1', 'unzip@r2', 'detect@r1', 'summary'],
    targets: ['detect@r1', 'summary'],
  });
  expect(targetsOf('unzip')).toEqual(['unzip@r1', 'unzip@r2']);
  expect(select([])).toEqual({ actions: namesOf(graph), targets: namesOf(graph), notSelected: [] });
});

test.each<[pattern: string, targets: readonly string[]]>([
  ['*', ['unzip@r1', 'unzip@r2', 'detect@r1', 'detect@r2', 'summary']],
  ['de*', ['detect@r1', 'detect@r2']],
  ['*mm*', ['summary']],
  ['*@r1', ['unzip@r1', 'detect@r1']],
  ['detect@*2', ['detect@r2']],
  ['*t@*1', ['detect@r1']],
  ['s**y', ['summary']],
])('the pattern %s selects %j, because * stands for any characters on one side of the @', (pattern, targets) => {
  expect(targetsOf(pattern)).toEqual(targets);
});

test('a + at the end selects what follows as well, with what that needs', () => {
  expect(select(['unzip@r1+'])).toEqual({
    actions: namesOf(graph).filter((name) => name !== 'detect@r2'),
    targets: ['unzip@r1', 'detect@r1', 'summary'],
    notSelected: [],
  });
  expect(targetsOf('unzip+')).toEqual(namesOf(graph));
  expect(targetsOf('detect+')).toEqual(['detect@r1', 'detect@r2']);
  expect(targetsOf('un*@*2+')).toEqual(['unzip@r2', 'detect@r2', 'summary']);
});

test('skip leaves out an action, what needs it, and what only those would need', () => {
  expect(select([], ['unzip@r1'])).toEqual({
    actions: ['unzip@r2', 'detect@r2'],
    targets: ['unzip@r2', 'detect@r2'],
    notSelected: ['unzip@r1', 'detect@r1', 'summary'],
  });
  expect(select(['detect', 'summary'], ['detect@r1', 'summ*'])).toEqual({
    actions: ['unzip@r2', 'detect@r2'],
    targets: ['detect@r2'],
    notSelected: ['unzip@r1', 'detect@r1', 'summary'],
  });
  expect(select(['detect@r1'], ['summary'])).toMatchObject({ targets: ['detect@r1'], notSelected: [] });
  expect(select([], ['detect+'])).toEqual(select([], ['detect']));
});

test('a skip that leaves no target is refused', () => {
  expect(select(['summary'], ['unzip@r1', 'detect'])).toEqual({
    reason: 'usage',
    message:
      'nothing is left to do: every target is skipped, or needs an action that is skipped (--skip unzip@r1 --skip detect)',
  });
});

const unknown = (...targets: readonly { readonly name: string; readonly nearest?: string }[]) => ({
  reason: 'target-unknown',
  targets,
});

test('selectTargets reports unknown names once, each with the nearest', () => {
  expect(select(['detct', 'detect@r2', 'unzip@r3', 'nothing', 'nothing'], ['sumary', 'detct'])).toEqual(
    unknown(
      { name: 'detct', nearest: 'detect' },
      { name: 'unzip@r3', nearest: 'unzip@r1' },
      { name: 'nothing' },
      { name: 'sumary', nearest: 'summary' },
    ),
  );
});

test('selectTargets reports patterns that match nothing, each with the nearest name', () => {
  expect(select(['detct+', 'detct@*', 'umz*', 'zzz*', '*@R1', '+', ''])).toEqual(
    unknown(
      { name: 'detct+', nearest: 'detect+' },
      { name: 'detct@*', nearest: 'detect@r1' },
      { name: 'umz*', nearest: 'unzip' },
      { name: 'zzz*' },
      { name: '*@R1', nearest: 'unzip@r1' },
      { name: '+' },
      { name: '' },
    ),
  );
});

test('a pattern with many stars is matched without trying every way to place them, which would never end', () => {
  expect(targetsOf(`${'*r'.repeat(200)}*`)).toMatchObject({ reason: 'target-unknown' });
});

/** Whether an action takes, over any number of others, from an action of `from`, or is one of them. */
const dependsOn = ({ actions }: Graph, action: Action, from: ReadonlySet<string>): boolean =>
  from.has(action.name) ||
  action.needs.some((need) => actions.some((other) => other.name === need && dependsOn({ actions }, other, from)));

const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });

/** A few actions of a graph. */
const pick = ({ actions }: Graph, numbers: readonly number[]): readonly ActionName[] =>
  numbers.flatMap((number) => actions[number % actions.length]?.name ?? []);

test('in any graph, names with + select all actions that depend on them, and what those need', () => {
  fc.assert(
    fc.property(randomPipelines, picks, (pipeline, numbers) => {
      const all = expand(pipeline);
      const from = pick(all, numbers);
      const selected = selectTargets(all, { targets: from.map((name) => `${name}+`), skip: [] });
      if (!selected.ok) throw new Error('the targets are known');
      const following = all.actions.filter((action) => dependsOn(all, action, new Set(from)));
      const targets = following.map(({ name }) => name);
      expect(selected.value.targets).toEqual(targets);
      const needed = all.actions.filter(({ name }) =>
        following.some((action) => dependsOn(all, action, new Set([name]))),
      );
      expect(selected.value.actions).toEqual(needed);
    }),
  );
});

test('in any graph, skip selects no action that needs a skipped one, and leaves out no other target', () => {
  fc.assert(
    fc.property(randomPipelines, picks, picks, (pipeline, wanted, left) => {
      const all = expand(pipeline);
      const [targets, skip] = [pick(all, wanted), pick(all, left)];
      const dependent = (action: Action) => dependsOn(all, action, new Set(skip));
      const expected = all.actions.filter((action) => targets.includes(action.name) && !dependent(action));
      const selected = selectTargets(all, { targets, skip });
      if (!selected.ok) {
        expect(expected).toEqual([]);
        return;
      }
      expect(selected.value.targets).toEqual(expected.map(({ name }) => name));
      expect(selected.value.actions.filter(dependent)).toEqual([]);
      const full = selectTargets(all, { targets, skip: [] });
      const names = [...namesOf(selected.value), ...selected.value.notSelected].sort();
      expect(full.ok && [...namesOf(full.value)].sort()).toEqual(names);
    }),
  );
});

test('in any graph, a list of all names selects the same as no targets', () => {
  fc.assert(
    fc.property(randomPipelines, (pipeline) => {
      const all = expand(pipeline);
      const everything = selectTargets(all, { targets: [], skip: [] });
      expect(selectTargets(all, { targets: namesOf(all), skip: [] })).toEqual(everything);
      expect(selectTargets(all, { targets: ['*'], skip: [] })).toEqual(everything);
    }),
  );
});
