/** `import { ... } from 'groundproof'` with any arguments that a program may pass. docs/embed.md runs its own examples. */
import { existsSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { eventsSchema } from '../../schemas/events.ts';
import type { Event } from '../../src/index.ts';
import { makeRig } from './rig.ts';
import { ALL, wordsProject } from './words-project.ts';

const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;
const { gc, load, plan, run, runFailureText, verify } = (await import(LIBRARY)) as typeof import('../../src/index.ts');

const isEvent = new Ajv2020({ strict: false, allowUnionTypes: true }).compile<Event>(eventsSchema);

async function eventsOf(...asked: Parameters<typeof run>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of run(...asked)) events.push(event);
  expect(events.filter((event) => !isEvent(event))).toEqual([]);
  return events;
}

test('run reports a pipeline that cannot run as its only and last event', async () => {
  const rig = makeRig(wordsProject);
  const at = { store: rig.path('cache'), out: rig.path('out') };
  const missing = await eventsOf({ pipeline: rig.path('missing.yaml'), ...at });
  expect(missing).toEqual([
    { type: 'run-failed', failure: { reason: 'pipeline-missing', path: rig.path('missing.yaml') } },
  ]);
  const unknown = await eventsOf({ pipeline: rig.path('pipeline.yaml'), targets: ['cuont'], ...at });
  expect(unknown).toEqual([
    { type: 'run-failed', failure: { reason: 'target-unknown', targets: [{ name: 'cuont', nearest: 'count' }] } },
  ]);
  rig.write('broken.yaml', 'steps: { a: { shel: x } }');
  const [broken, ...others] = await eventsOf({ pipeline: rig.path('broken.yaml'), ...at });
  if (broken?.type !== 'run-failed') throw new Error(JSON.stringify(broken));
  expect(others).toEqual([]);
  expect(runFailureText(broken.failure)).toMatch(/shel/);
  expect(runFailureText(broken.failure)).not.toContain('\u001b');
});

test('run reports each action once as events, then how it finished, and returns that', async () => {
  const rig = makeRig(wordsProject);
  const request = { pipeline: rig.path('pipeline.yaml') };
  const events = await eventsOf(request);
  expect(events.flatMap((event) => (event.type === 'action-finished' ? [event.action] : [])).toSorted()).toEqual(
    [...ALL].toSorted(),
  );
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', executed: ALL.length });
  const running = run(request);
  let next = await running.next();
  while (!next.done) next = await running.next();
  expect(next.value).toMatchObject({ ok: true, value: { reused: ALL.length } });
});

const any = (request: object): never => request as never;

test.each([
  [{ pipelin: 'x.yaml' }, "the request has no field 'pipelin'\ndid you mean pipeline?"],
  [{ targets: 'word' }, "'targets' in the request should be a list of texts"],
  [{ targets: [1] }, "'targets' in the request should be a list of texts"],
  [{ skip: 'word' }, "'skip' in the request should be a list of texts"],
  [{ pipeline: { steps: {} } }, "'pipeline' in the request should be a text"],
  [{ jobs: 0 }, "'jobs' in the request should be a whole number from 1"],
  [{ jobs: '2' }, "'jobs' in the request should be a whole number from 1"],
  [{ force: 'no' }, "'force' in the request should be true or false"],
  [{ on: 'moon' }, "'on' in the request should be 'local' or 'slurm', or null"],
  [{ overrides: { sets: ['a.b=1'] } }, "overrides in the request has no field 'sets'\ndid you mean set?"],
  [{ overrides: { set: 'a.b=1' } }, "'set' in overrides in the request should be a list of texts"],
  [{ remote: 'https://cache.example.org' }, "'remote' in the request should be an object, or null"],
  [{ remote: { url: 'https://cache.example.org', writes: true } }, 'did you mean write?'],
  [{ __proto__: null, toString: 1 }, "the request has no field 'toString'"],
  [null, 'the request should be an object'],
  ['pipeline.yaml', 'the request should be an object'],
])('run and plan refuse %j, and make nothing', async (request, message) => {
  const [failed] = await eventsOf(any(request as object));
  if (failed?.type !== 'run-failed') throw new Error(JSON.stringify(failed));
  expect(runFailureText(failed.failure)).toContain(message);
  expect(await plan(any(request as object))).toEqual({ ok: false, error: failed.failure });
});

test('run uses defaults for undefined fields', async () => {
  const rig = makeRig(wordsProject);
  const planned = await plan(any({ pipeline: rig.path('pipeline.yaml'), jobs: undefined, remote: undefined }));
  expect(planned).toMatchObject({ ok: true, value: { length: ALL.length } });
});

test('verify and gc refuse wrong arguments', async () => {
  expect(await verify(any({ sampel: 2 }))).toMatchObject({ ok: false, error: { hint: 'did you mean sample?' } });
  expect(gc(any({ store: '/nowhere', keepRuns: -1, maxSize: null, dryRun: true }))).toMatchObject({
    ok: false,
    error: { message: "'keepRuns' in the request should be a whole number from 0" },
  });
});

test('gc removes nothing while load has the store open', async () => {
  const rig = makeRig(wordsProject);
  const loaded = await load({ pipeline: rig.path('pipeline.yaml') });
  if (!loaded.ok) throw new Error(runFailureText(loaded.error));
  const asked = { store: rig.path('cache'), keepRuns: 1, maxSize: null, dryRun: false };
  expect(gc(asked)).toMatchObject({ ok: false, error: { reason: 'store-in-use' } });
  loaded.value.close();
  expect(gc(asked)).toMatchObject({ ok: true });
});

test('leaving the loop ends the run and leaves nothing half-made', async () => {
  const rig = makeRig(wordsProject);
  for await (const event of run({ pipeline: rig.path('pipeline.yaml') })) {
    if (event.type === 'action-started') break;
  }
  expect(existsSync(rig.path('out/gather'))).toBe(false);
  const finished = (await eventsOf({ pipeline: rig.path('pipeline.yaml') })).at(-1);
  expect(finished).toMatchObject({ type: 'run-finished', failed: 0, interrupted: false });
});

test('--reporter json prints the reason of a refused run as an event', async () => {
  const rig = makeRig(wordsProject);
  const { code, stdout, stderr } = await rig.groundproof('run', 'cuont', '--reporter', 'json');
  expect(JSON.parse(stdout)).toEqual({
    type: 'run-failed',
    failure: { reason: 'target-unknown', targets: [{ name: 'cuont', nearest: 'count' }] },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean count?');
});
