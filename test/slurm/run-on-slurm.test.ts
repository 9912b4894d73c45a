import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Event, RunFinished } from '../../src/history/event.ts';
import { type Request, requestOf } from '../../src/load/request.ts';
import { run } from '../../src/run/run.ts';
import { statusOf } from '../../src/slurm/status.ts';
import { submit } from '../../src/slurm/submit.ts';
import { gc } from '../../src/upkeep/gc.ts';
import { temporaryFolder } from '../tasks/temporary-folder.ts';
import { fakeSlurm } from './fake-slurm.ts';

/** Waits until a check passes; a busy machine may need far longer than a quiet machine. */
const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 30_000 });

const fake = vi.hoisted(() => ({
  current: undefined as unknown as ReturnType<typeof fakeSlurm>,
  pause: async () => {},
}));
vi.mock('../../src/slurm/slurm.ts', () => ({
  get slurm() {
    return fake.current.slurm;
  },
}));
// Waits in the same order, but for shorter times.
vi.mock('../../src/slurm/pause.ts', () => ({
  pause: () => fake.pause(),
}));

let cluster: ReturnType<typeof fakeSlurm>;
beforeEach(() => {
  cluster = fakeSlurm();
  fake.current = cluster;
  fake.pause = () => new Promise((resolve) => setTimeout(resolve, 3));
});

/** Two steps for each recording, and a step that gathers. */
const pipeline = (more = '', gathering = '{ from: twice.y }') => `
name: words
on: slurm
each: { recording: [a, b] }
steps:
  once:
    shell: "echo {recording} > {outputs.x}"
    each: recording
    outputs: { x: .txt }
  twice:
    shell: "cat {inputs.x} {inputs.x} > {outputs.y}${more}"
    each: recording
    retries: 1
    inputs: { x: once.x }
    outputs: { y: .txt }
  all:
    shell: "cat {inputs.ys} > {outputs.z}"
    inputs: { ys: ${gathering} }
    outputs: { z: .txt }
`;

/** The same pipeline, and a step whose input is missing. */
const lacking = `${pipeline()}  lacks:
    shell: "cat {inputs.x} > {outputs.y}"
    inputs: { x: { file: nowhere.txt } }
    outputs: { y: .txt }
`;

function makeProject(text = pipeline()) {
  const folder = temporaryFolder();
  const file = join(folder, 'pipeline.yaml');
  writeFileSync(file, text);
  const events: Event[] = [];
  const abort = new AbortController();
  const start = (changes: Partial<Request> = {}) =>
    run(requestOf({ pipeline: file, ...changes }), (event) => events.push(event), abort.signal);
  return {
    file,
    folder,
    events,
    abort,
    start,
    async run(changes: Partial<Request> = {}): Promise<RunFinished> {
      const finished = await start(changes);
      if (!finished.ok) throw new Error(JSON.stringify(finished.error));
      return finished.value;
    },
    submit: (changes: Partial<Request> = {}) =>
      submit(requestOf({ pipeline: file, ...changes }), (event) => events.push(event), abort.signal),
    shown: () =>
      readFileSync(join(folder, 'out', 'all', 'z.txt'), 'utf8')
        .split('\n')
        .join(''),
    failures: () =>
      events.flatMap((event) =>
        'outcome' in event && event.outcome === 'failed' ? [[event.action, event.failure]] : [],
      ),
    ofType: (type: Event['type']) => events.filter((event) => event.type === type),
    status: async () => {
      const status = await statusOf(requestOf({ pipeline: file }), cluster.slurm);
      if (!status.ok) throw new Error(JSON.stringify(status.error));
      return status.value;
    },
  };
}

const jobsOf = (options: readonly string[]) =>
  options.filter((option) => /^--(array|dependency)=/.test(option)).join(' ');

describe('a run on Slurm', () => {
  test('recordings are slots of an array, gathering waits for it, and results equal those of a local run', async () => {
    const project = makeProject();
    expect(await project.run()).toMatchObject({ executed: 5, reused: 0, failed: 0 });
    expect(cluster.submitted.map(jobsOf)).toEqual(['--array=0-1', '--array=0-0 --dependency=afterany:1']);
    expect(project.shown()).toBe('aabb');
    expect(project.ofType('jobs-submitted')).toMatchObject([
      {
        jobs: [
          { job: '1', tasks: 2 },
          { job: '2', tasks: 1 },
        ],
      },
    ]);

    const local = makeProject();
    await local.run({ on: 'local' });
    expect(local.shown()).toBe('aabb');
    const results = (folder: string) => readdirSync(join(folder, 'cache/results'), { recursive: true }).sort();
    expect(results(project.folder)).toEqual(results(local.folder));
  });

  test('actions that are skipped are not submitted, and a submission with another skip is another one', async () => {
    const project = makeProject();
    expect(await project.run({ skip: ['twice@a'] })).toMatchObject({ executed: 3, reused: 0, blocked: 0 });
    expect(cluster.submitted.map(jobsOf)).toEqual(['--array=0-1']);
    expect(project.ofType('run-started')).toMatchObject([{ notSelected: ['twice@a', 'all'] }]);
    expect((await project.status()).flatMap(({ steps }) => steps)).toMatchObject([
      { step: 'once', done: 2 },
      { step: 'twice', done: 1 },
    ]);
    expect(await project.run()).toMatchObject({ executed: 2, reused: 3 });

    const other = makeProject();
    cluster.held = true;
    expect(await other.submit({ skip: ['all'] })).toMatchObject({ ok: true, value: { notSelected: ['all'] } });
    await other.submit({ skip: ['all'] });
    expect(other.ofType('jobs-joined')).toHaveLength(1);
    await other.submit({ skip: ['twice'] });
    await other.submit();
    expect(other.ofType('jobs-joined')).toHaveLength(1);
    expect(other.ofType('jobs-submitted')).toHaveLength(3);
  });

  test('results that jobs made before the first poll count as executed', async () => {
    fake.pause = () => eventually(() => expect(cluster.rows().every(({ state }) => state === 'COMPLETED')).toBe(true));
    const project = makeProject();
    expect(await project.run()).toMatchObject({ executed: 5, reused: 0 });
    const why = [{ cause: 'first-run' }];
    expect(project.ofType('action-finished')).toMatchObject(Array(5).fill({ outcome: 'executed', why }));
  });

  test('a run without anything to do submits no jobs', async () => {
    const { run, file } = makeProject();
    await run();
    writeFileSync(file, `${readFileSync(file, 'utf8')}# more\n`);
    expect(await run()).toMatchObject({ executed: 0, reused: 5 });
    expect(cluster.submitted.length).toBe(2);
  });

  test('an array has no more slots than the cluster allows', async () => {
    cluster.largestArray = 1;
    await makeProject().run();
    expect(cluster.submitted.map(jobsOf)).toEqual([
      '--array=0-0',
      '--array=0-0',
      '--array=0-0 --dependency=afterany:1:2',
    ]);
  });

  test('an action fails on Slurm as it does locally, and partial gathering takes the others', async () => {
    const project = makeProject(pipeline('; test {recording} != b', '{ from: twice.y, partial: true }'));
    expect(await project.run({ keepGoing: true })).toMatchObject({ executed: 4, failed: 1, blocked: 0 });
    expect(project.failures()).toEqual([['twice@b', { reason: 'shell', exitCode: 1, signal: null }]]);
    expect(project.shown()).toBe('aa');
    expect(cluster.submitted.length).toBe(2);
  });

  test('without --keep-going a failure takes waiting slots out of the queue', async () => {
    const project = makeProject(pipeline('; test {recording} != b'));
    expect(await project.run()).toMatchObject({ failed: 1, blocked: 1 });
    expect(cluster.rows().every(({ state }) => state !== 'PENDING' && state !== 'RUNNING')).toBe(true);
  });

  test('--detach names the actions that cannot be submitted, and submits the rest', async () => {
    const missing = { action: 'lacks', failure: { reason: 'input-missing' } };
    const project = makeProject(lacking);
    expect(await project.submit()).toMatchObject({ ok: true, value: { hasJobs: true, hopeless: [missing] } });
    await eventually(() => expect(cluster.rows().map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED')));
    expect(await project.submit()).toMatchObject({ ok: true, value: { hasJobs: false, hopeless: [missing] } });
  });

  test('without --keep-going a missing input takes waiting slots out of the queue', async () => {
    cluster.held = true;
    const project = makeProject(lacking.replace('nowhere.txt', 'nowhere/'));
    writeFileSync(join(project.folder, 'nowhere'), 'a file, where a folder is wanted');
    expect(await project.run()).toMatchObject({ executed: 0, failed: 1, cancelled: 5 });
    expect(project.failures()).toMatchObject([['lacks', { reason: 'input-kind' }]]);
    expect(new Set(cluster.rows().map(({ state }) => state))).toEqual(new Set(['CANCELLED']));
  });

  test('a refusal of sbatch ends the run, and leaves no jobs behind', async () => {
    cluster.refusal = {
      reason: 'slurm-refused',
      command: 'sbatch',
      options: [],
      message: 'invalid partition specified: x',
    };
    const ended = await makeProject().start();
    expect(ended).toMatchObject({ ok: false, error: { message: 'invalid partition specified: x' } });
    expect(cluster.rows()).toEqual([]);
  });

  test('Ctrl-C takes all jobs out of the queue', async () => {
    cluster.held = true;
    const project = makeProject();
    const running = project.run();
    await eventually(() => expect(cluster.rows().length).toBe(3));
    project.abort.abort();
    expect(await running).toMatchObject({ interrupted: true, executed: 0, cancelled: 5 });
    expect(new Set(cluster.rows().map(({ state }) => state))).toEqual(new Set(['CANCELLED']));
  });

  test.each(['SIGHUP', 'SIGTERM'])('%s ends the wait and leaves the jobs', async (name) => {
    cluster.held = true;
    const project = makeProject();
    const running = project.run();
    await eventually(() => expect(project.ofType('jobs-submitted').length).toBe(1));
    project.abort.abort(new DOMException(name, 'AbortError'));
    expect(await running).toMatchObject({ interrupted: true, executed: 0, cancelled: 5 });
    expect(project.ofType('cluster-warning')).toMatchObject([{ message: expect.stringContaining('the jobs go on') }]);
    expect(cluster.cancelled).toEqual([]);
    cluster.release();
    await eventually(() => expect(cluster.rows().map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED')));
  });

  test('a run waits for a controller that is away for a while, and warns once', async () => {
    cluster.held = true;
    const project = makeProject();
    const running = project.run();
    await eventually(() => expect(cluster.rows().length).toBe(3));
    cluster.deaf = 5;
    await eventually(() => expect(cluster.deaf).toBe(0));
    cluster.release();
    expect(await running).toMatchObject({ executed: 5 });
    expect(project.ofType('cluster-warning').length).toBe(1);
  });
});

test('a run waits for a controller that is away from the start', async () => {
  cluster.deaf = 2;
  const project = makeProject();
  expect(await project.run()).toMatchObject({ executed: 5 });
  expect(project.ofType('cluster-warning').length).toBe(1);
});

test('an interrupt ends the wait for a controller', async () => {
  cluster.deaf = Number.POSITIVE_INFINITY;
  const project = makeProject();
  const running = project.run();
  await eventually(() => expect(project.ofType('cluster-warning').length).toBe(1));
  project.abort.abort();
  expect(await running).toMatchObject({ interrupted: true, cancelled: 5 });
});

test('troubles of jobs with the remote cache are reported once each', async () => {
  const project = makeProject();
  // Nothing listens on port 1.
  await project.run({ remote: { url: 'http://127.0.0.1:1/', write: false } });
  const troubles = project.ofType('remote-trouble').map((event) => ('message' in event ? event.message : ''));
  expect(troubles.length).toBeGreaterThan(0);
  expect(troubles).toEqual([...new Set(troubles)]);
});

test('an event file that cannot be read for a while is read later, with a single warning', async () => {
  cluster.held = true;
  const project = makeProject();
  const running = project.run();
  await eventually(() => expect(project.ofType('jobs-submitted').length).toBe(1));
  const submissions = join(project.folder, 'cache/submissions');
  const [name = ''] = readdirSync(submissions).filter((entry) => !entry.includes('.'));
  const events = join(submissions, name, '0-0.events');
  mkdirSync(events);
  cluster.release();
  await eventually(() => expect(project.ofType('cluster-warning').length).toBe(1));
  rmdirSync(events);
  expect(await running).toMatchObject({ executed: 5 });
  expect(project.ofType('cluster-warning').length).toBe(1);
});

describe('a lost slot', () => {
  /** Decides the fate of recording b's first slot. */
  const first = (fate: readonly [string, string?]) => {
    let met = false;
    cluster.fate = (job, index) => {
      if (job !== '1' || index !== 1 || met) return undefined;
      met = true;
      return fate;
    };
  };

  test.each(['NODE_FAIL', 'PREEMPTED', 'REQUEUE_HOLD'])(
    'a slot lost by %s is submitted again alone, without using its retries',
    async (state) => {
      first([state]);
      const project = makeProject();
      expect(await project.run()).toMatchObject({ executed: 5, failed: 0 });
      expect(project.shown()).toBe('aabb');
      // The gathering slot may have begun as soon as the other slot had ended, without all of its inputs.
      expect(new Set(cluster.submitted.map(jobsOf).slice(2))).toEqual(new Set(['--array=0-0']));
    },
  );

  test.each([
    ['TIMEOUT', 'timed-out'],
    ['OUT_OF_MEMORY', 'out-of-memory'],
    ['FAILED', 'crashed'],
  ])('a slot lost by %s without retries has failed', async (state, why) => {
    first([state]);
    const project = makeProject();
    expect(await project.run({ keepGoing: true })).toMatchObject({ executed: 2, failed: 1, blocked: 2 });
    expect(project.failures()).toMatchObject([['once@b', { reason: 'job-lost', why, job: '1_1' }]]);
  });

  test('a slot lost by its own fault is submitted again as often as its retries allow', async () => {
    first(['OUT_OF_MEMORY']);
    const text = pipeline().replace('    outputs: { x: .txt }', '    outputs: { x: .txt }\n    retries: 1');
    expect(await makeProject(text).run()).toMatchObject({ executed: 5, failed: 0 });
  });

  test('a slot lost by the fault of an action is submitted again with its other actions', async () => {
    const project = makeProject(`
name: words
on: slurm
each: { recording: [a] }
steps:
${['large', 'small']
  .map(
    (name) => `  ${name}:
    shell: "echo {recording} > {outputs.x}"
    each: recording
    outputs: { x: .txt }
`,
  )
  .join('')}`);
    const submissions = join(project.folder, 'cache/submissions');
    cluster.fate = (job) => {
      if (job !== '1') return undefined;
      const [name = ''] = readdirSync(submissions).filter((entry) => !entry.includes('.'));
      const line = { type: 'action-started', action: 'large@a', why: [] };
      writeFileSync(join(submissions, name, '0-0.events'), `${JSON.stringify(line)}\n`);
      return ['OUT_OF_MEMORY'];
    };
    expect(await project.run({ keepGoing: true })).toMatchObject({ executed: 1, failed: 1 });
    expect(project.failures()).toMatchObject([['large@a', { why: 'out-of-memory' }]]);
    expect(cluster.submitted.length).toBe(2);
    expect(await project.status()).toMatchObject([{ steps: [{ failed: 1 }, { done: 1 }] }]);
  });

  test('a slot that somebody cancelled is not submitted again', async () => {
    first(['CANCELLED']);
    const project = makeProject();
    expect(await project.run({ keepGoing: true })).toMatchObject({ failed: 1 });
    expect(project.failures()).toMatchObject([['once@b', { why: 'cancelled' }]]);
  });

  test('a slot that the cluster will never start is taken out of the queue', async () => {
    first(['PENDING', 'PartitionConfig']);
    const project = makeProject();
    expect(await project.run({ keepGoing: true })).toMatchObject({ failed: 1 });
    expect(project.failures()).toMatchObject([['once@b', { why: 'never-starts', said: 'PartitionConfig' }]]);
    expect(cluster.cancelled[0]).toBe('all 1_1');
  });

  test('a slot that is lost again and again has failed', async () => {
    cluster.fate = (job, index) => (job === '1' && index !== 1 ? undefined : ['NODE_FAIL']);
    const project = makeProject();
    await project.run({ keepGoing: true });
    expect(project.failures()).toMatchObject([['once@b', { why: 'node-failed' }]]);
    // The two arrays, and three repetitions.
    expect(cluster.submitted.length).toBe(5);
  });

  test('a job that ended well without a result in the store has failed', async () => {
    const project = makeProject();
    cluster.fate = (job) => (job === '1' ? undefined : ['COMPLETED']);
    await project.run({ keepGoing: true });
    expect(project.failures()).toMatchObject([['all', { why: 'crashed' }]]);
  });
});

describe('a submission that outlives its driver', () => {
  test('a run joins the jobs of a detached run, and submits nothing twice', async () => {
    cluster.held = true;
    const project = makeProject();
    const submitted = await project.submit();
    expect(submitted).toEqual({ ok: true, value: { hasJobs: true, hopeless: [], notSelected: [] } });
    expect(await project.status()).toMatchObject([
      {
        steps: [
          { step: 'once', waiting: 2 },
          { step: 'twice', waiting: 2 },
          { step: 'all', waiting: 1 },
        ],
      },
    ]);
    const running = project.run({ keepGoing: true });
    await eventually(() => expect(project.ofType('jobs-joined').length).toBe(1));
    cluster.release();
    expect(await running).toMatchObject({ executed: 5 });
    expect(cluster.submitted.length).toBe(2);
    expect(project.shown()).toBe('aabb');
    expect(await project.status()).toMatchObject([
      { jobs: [], steps: [{ done: 2 }, { done: 2 }, { done: 1 }], failures: [] },
    ]);
  });

  test('a run reuses the results of a submission that has ended', async () => {
    const project = makeProject();
    await project.submit();
    await eventually(() => expect(cluster.rows().map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED')));
    expect(await project.run()).toMatchObject({ executed: 0, reused: 5 });
  });

  test('gc keeps results of jobs, and everything that jobs in the queue need', async () => {
    const project = makeProject();
    const collect = () => gc({ store: join(project.folder, 'cache'), keepRuns: 1, maxSize: null, dryRun: false });
    cluster.held = true;
    await project.submit();
    expect(collect()).toMatchObject({ ok: true });
    cluster.release();
    await eventually(() => expect(cluster.rows().map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED')));
    expect(collect()).toMatchObject({ ok: true, value: { results: 0 } });
    expect(await project.run()).toMatchObject({ reused: 5 });
  });

  test('a run submits the jobs that a killed driver left out, to wait for those that live', async () => {
    cluster.held = true;
    const project = makeProject();
    const { submit } = cluster.slurm;
    cluster.slurm = {
      ...cluster.slurm,
      submit: (options, script) => (cluster.submitted.length === 1 ? new Promise(() => {}) : submit(options, script)),
    };
    void project.submit();
    await eventually(() => expect(cluster.rows().length).toBe(2));
    // The first driver is gone, and with it its claim.
    rmSync(join(project.folder, 'cache/claims'), { recursive: true });
    cluster.slurm = { ...cluster.slurm, submit };
    const running = project.run();
    await eventually(() => expect(cluster.rows().length).toBe(3));
    cluster.release();
    expect(await running).toMatchObject({ executed: 5 });
    expect(cluster.submitted.map(jobsOf)).toEqual(['--array=0-1', '--array=0-0 --dependency=afterany:1']);
  });

  test('a refusal ends no jobs that lived before the run joined them', async () => {
    cluster.held = true;
    const project = makeProject();
    const { submit } = cluster.slurm;
    const refusal = { reason: 'slurm-refused', command: 'sbatch', options: [], message: 'MaxSubmitJobs' } as const;
    // The first driver dies after its first array.
    cluster.slurm.submit = (...args) => (cluster.submitted.length > 0 ? new Promise(() => {}) : submit(...args));
    void project.submit();
    await eventually(() => expect(cluster.rows().length).toBe(2));
    rmSync(join(project.folder, 'cache/claims'), { recursive: true });
    cluster.slurm.submit = async () => ({ ok: false, error: refusal });
    expect(await project.start()).toMatchObject({ ok: false, error: { message: 'MaxSubmitJobs' } });
    expect(cluster.cancelled).toEqual([]);
    expect(cluster.rows().map(({ state }) => state)).toEqual(['PENDING', 'PENDING']);
  });

  test('a submission to another cluster is neither shown nor removed', async () => {
    cluster.held = true;
    const project = makeProject();
    await project.submit();
    const here = cluster;
    cluster = fakeSlurm();
    cluster.cluster = 'other';
    fake.current = cluster;
    expect(await project.status()).toEqual([]);
    expect(await project.run()).toMatchObject({ executed: 5 });
    expect(project.ofType('cluster-warning')).toEqual([]);
    expect((await project.status()).length).toBe(1);
    cluster = here;
    expect(await project.status()).toMatchObject([{ jobs: [{ job: '1', waiting: 2 }, { waiting: 1 }] }]);
    here.release();
    await eventually(() => expect(here.rows().map(({ state }) => state)).toEqual(Array(3).fill('COMPLETED')));
  });

  test('a second run with --force makes a new submission', async () => {
    const project = makeProject();
    await project.run({ force: true });
    expect(await project.run({ force: true })).toMatchObject({ executed: 5 });
    expect(cluster.submitted.length).toBe(4);
  });

  test('a changed pipeline joins no jobs, and warns of those that still live', async () => {
    cluster.held = true;
    const project = makeProject();
    await project.submit();
    writeFileSync(project.file, pipeline(' '));
    const running = project.run();
    await eventually(() => expect(cluster.rows().length).toBe(6));
    cluster.release();
    await running;
    expect(project.ofType('cluster-warning')).toMatchObject([{ message: expect.stringContaining('scancel 1 2') }]);
    expect(project.shown()).toBe('aabb');
  });

  test('status shows failed actions and lost jobs', async () => {
    cluster.fate = (job, index) => (job === '1' && index === 0 ? ['TIMEOUT'] : undefined);
    const project = makeProject(pipeline('; test {recording} != b'));
    await project.submit({ keepGoing: true });
    await eventually(() =>
      expect(cluster.rows().some(({ state }) => state === 'PENDING' || state === 'RUNNING')).toBe(false),
    );
    const [status] = await project.status();
    expect(status?.failures).toMatchObject([
      { action: 'once@a', failure: { reason: 'job-lost', why: 'timed-out' } },
      { action: 'twice@b', failure: { reason: 'shell' } },
    ]);
    expect(status?.steps).toMatchObject([
      { step: 'once', done: 1, failed: 1 },
      { step: 'twice', done: 0, failed: 1, blocked: 1 },
      { step: 'all', done: 0 },
    ]);
  });

  test('--detach without a cluster is a usage error', async () => {
    expect(await makeProject().submit({ on: 'local' })).toMatchObject({ ok: false, error: { reason: 'usage' } });
  });
});
