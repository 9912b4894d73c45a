/** A Slurm in memory: what is submitted runs in this process, unless the test decided otherwise. */
import type { RunFailure } from '../../src/base/failure.ts';
import { err, ok } from '../../src/base/result.ts';
import { isLive, type QueueRow } from '../../src/slurm/job-state.ts';
import { runGroup } from '../../src/slurm/run-group.ts';
import type { Slurm } from '../../src/slurm/slurm.ts';

interface Task {
  row: QueueRow;
  readonly folder: string;
  readonly array: number;
  readonly after: readonly string[];
  readonly stop: AbortController;
}

/** What becomes of a task instead of running: one of Slurm's states, and why. */
export type Fate = readonly [state: string, reason?: string];

export function fakeSlurm() {
  let tasks: Task[] = [];
  const submitted: (readonly string[])[] = [];
  const cancelled: string[] = [];
  const control = {
    slurm: undefined as unknown as Slurm,
    /** While true nothing begins. */
    held: false,
    cluster: 'fake',
    largestArray: 1000,
    /** Asked for each task when it could begin; undefined lets it run. */
    fate: (_job: string, _index: number): Fate | undefined => undefined,
    /** So often the queue cannot be asked. */
    deaf: 0,
    /** What sbatch answers instead of submitting. */
    refusal: undefined as RunFailure | undefined,
    submitted,
    cancelled,
    rows: () => tasks.map(({ row }) => row),
    /** Lets what is held begin. */
    release() {
      control.held = false;
      advance();
    },
  };
  const set = (task: Task, state: string, reason = 'None', node = task.row.node) => {
    task.row = { ...task.row, state, reason, node };
  };
  const advance = () => {
    if (control.held) return;
    for (const task of tasks) {
      if (task.row.state !== 'PENDING' || task.row.reason !== 'Priority') continue;
      if (tasks.some(({ row }) => task.after.includes(row.job) && isLive(row))) continue;
      const fate = control.fate(task.row.job, task.row.index);
      if (fate) set(task, ...fate);
      else void begin(task);
    }
  };
  const begin = async (task: Task) => {
    set(task, 'RUNNING', 'None', 'n1');
    const ended = await runGroup(task.folder, task.array, task.row.index, task.stop.signal, () => {});
    if (task.row.state === 'RUNNING') set(task, ended.ok && ended.value.failed === 0 ? 'COMPLETED' : 'FAILED');
    advance();
  };

  control.slurm = {
    async submit(options, script) {
      if (control.refusal) return err(control.refusal);
      submitted.push(options);
      const optionOf = (name: string) => options.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
      const [, folder = '', array = ''] = /job '([^']*)' (\d+)/.exec(script) ?? [];
      const job = String(submitted.length);
      const last = Number(optionOf('array')?.split('-')[1]);
      const after = optionOf('dependency')?.split(':').slice(1) ?? [];
      for (let index = 0; index <= last; index++) {
        const row = { name: optionOf('job-name') ?? '', job, index, node: null, since: null };
        const pending = { state: 'PENDING', reason: 'Priority' };
        tasks.push({ row: { ...row, ...pending }, folder, array: Number(array), after, stop: new AbortController() });
      }
      setImmediate(advance);
      return ok(job);
    },
    async queue(prefix) {
      if (control.deaf > 0) {
        control.deaf--;
        const message = 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)';
        return err({ reason: 'slurm-refused', command: 'squeue', options: [], message });
      }
      return ok(tasks.flatMap(({ row }) => (row.name.startsWith(prefix) ? [row] : [])));
    },
    async cancel(jobs, which) {
      cancelled.push(`${which} ${jobs.join(' ')}`);
      for (const task of tasks) {
        const { job, index, state } = task.row;
        if (!jobs.includes(job) && !jobs.includes(`${job}_${index}`)) continue;
        if (!isLive(task.row) || (which === 'waiting' && state !== 'PENDING')) continue;
        set(task, 'CANCELLED');
        task.stop.abort();
      }
      advance();
      return ok(undefined);
    },
    config: async () => ok({ cluster: control.cluster, largestArray: control.largestArray }),
  };
  return Object.assign(control, {
    forget() {
      tasks = [];
    },
  });
}
