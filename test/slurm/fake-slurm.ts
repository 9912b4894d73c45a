/** A Slurm in memory: slots run in this process, unless the test decides otherwise. */
import type { RunFailure } from '../../src/base/failure.ts';
import { err, ok } from '../../src/base/result.ts';
import { isLive, type QueueRow } from '../../src/slurm/job-state.ts';
import { runGroup } from '../../src/slurm/run-group.ts';
import type { Slurm } from '../../src/slurm/slurm.ts';

interface Slot {
  row: QueueRow;
  readonly folder: string;
  readonly array: number;
  readonly after: readonly string[];
  readonly stop: AbortController;
}

/** The state and reason that Slurm reports for a slot that does not run. */
export type Fate = readonly [state: string, reason?: string];

export function fakeSlurm() {
  let slots: Slot[] = [];
  const submitted: (readonly string[])[] = [];
  const cancelled: string[] = [];
  const control = {
    slurm: undefined as unknown as Slurm,
    /** While true, no slot begins. */
    held: false,
    cluster: 'fake',
    largestArray: 1000,
    /** Called for each slot that could begin; undefined lets it run. */
    fate: (_job: string, _index: number): Fate | undefined => undefined,
    /** How many more questions about the queue get no answer. */
    deaf: 0,
    /** The answer of sbatch, if it refuses to submit. */
    refusal: undefined as RunFailure | undefined,
    submitted,
    cancelled,
    rows: () => slots.map(({ row }) => row),
    /** Lets the held slots begin. */
    release() {
      control.held = false;
      advance();
    },
  };
  const set = (slot: Slot, state: string, reason = 'None', node = slot.row.node) => {
    slot.row = { ...slot.row, state, reason, node };
  };
  const advance = () => {
    if (control.held) return;
    for (const slot of slots) {
      if (slot.row.state !== 'PENDING' || slot.row.reason !== 'Priority') continue;
      if (slots.some(({ row }) => slot.after.includes(row.job) && isLive(row))) continue;
      const fate = control.fate(slot.row.job, slot.row.index);
      if (fate) set(slot, ...fate);
      else void begin(slot);
    }
  };
  const begin = async (slot: Slot) => {
    set(slot, 'RUNNING', 'None', 'n1');
    const ended = await runGroup(
      { folder: slot.folder, array: slot.array, index: slot.row.index },
      { signal: slot.stop.signal, warn: () => {} },
    );
    if (slot.row.state === 'RUNNING') set(slot, ended.ok && ended.value.failed === 0 ? 'COMPLETED' : 'FAILED');
    advance();
  };

  control.slurm = {
    async submit(options, script) {
      if (control.refusal) return err(control.refusal);
      submitted.push(options);
      const optionOf = (name: string) =>
        options.find((option) => option.startsWith(`--${name}=`))?.slice(name.length + 3);
      const [, folder = '', array = ''] = /job '([^']*)' (\d+)/.exec(script) ?? [];
      const job = String(submitted.length);
      const last = Number(optionOf('array')?.split('-')[1]);
      const after = optionOf('dependency')?.split(':').slice(1) ?? [];
      for (let index = 0; index <= last; index++) {
        const row = { name: optionOf('job-name') ?? '', job, index, node: null, since: null };
        const pending = { state: 'PENDING', reason: 'Priority' };
        slots.push({ row: { ...row, ...pending }, folder, array: Number(array), after, stop: new AbortController() });
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
      return ok(slots.flatMap(({ row }) => (row.name.startsWith(prefix) ? [row] : [])));
    },
    async cancel(jobs, which) {
      cancelled.push(`${which} ${jobs.join(' ')}`);
      for (const slot of slots) {
        const { job, index, state } = slot.row;
        if (!jobs.includes(job) && !jobs.includes(`${job}_${index}`)) continue;
        if (!isLive(slot.row) || (which === 'waiting' && state !== 'PENDING')) continue;
        set(slot, 'CANCELLED');
        slot.stop.abort();
      }
      advance();
      return ok(undefined);
    },
    config: async () => ok({ cluster: control.cluster, largestArray: control.largestArray }),
  };
  return Object.assign(control, {
    forget() {
      slots = [];
    },
  });
}
