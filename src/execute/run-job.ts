/** Performs one job after the other in a thread, each as if it were the first one. */
import type { LogLine } from '../store/result.ts';
import { aboutCode } from './about-code.ts';
import type { FromWorker, Job } from './job.ts';
import { eachLine } from './lines.ts';
import { type Ears, performTask } from './run-task.ts';
import { type ThreadWatch, watchThread } from './untouched.ts';

/** A loaded module is never freed: after so many, or so much code, the thread ends. */
const MOST_MODULES = 500;
const MOST_CODE = 32 << 20;

/** Returns what performs a job and says how it ended. */
export function jobPerformer(say: (message: FromWorker) => void): (job: Job, ears: Ears) => Promise<void> {
  const given = { ...process.env };
  const printed = [process.stdout, process.stderr].map((stream) => captured(stream, say));
  let watch: ThreadWatch | undefined;
  let modules = 0;
  let code = 0;
  return async (job, ears) => {
    setEnvironment({ ...given, HOME: job.room.temporary, TMPDIR: job.room.temporary });
    // The thread has begun by now: Node has added what it needs itself.
    watch ??= watchThread();
    const about = aboutCode(job.code);
    watch.alsoWatch(about.modules);
    const made = await performTask(job, ears);
    // One turn more: a rejection that nobody handles belongs to this action, not to the next one on this thread.
    await new Promise((resolve) => setImmediate(resolve));
    for (const lines of printed) lines.end();
    if (!made.ok) return say({ type: 'failed', failure: made.error });
    if (about.staysLoaded) {
      modules += 1;
      code += about.text.length;
    }
    const isTidy =
      !job.hasPackages && !about.mayLeaveTraces && modules < MOST_MODULES && code < MOST_CODE && watch.isUntouched();
    say({ type: 'made', made: made.value, isTidy, mayHaveChildren: mayHaveChildren() });
  };
}

function setEnvironment(env: { readonly [name: string]: string | undefined }): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

let looked = 0;

/** Whether anything in this thread has loaded what starts programs: looked for only when more was loaded. */
function mayHaveChildren(): boolean {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  if (moduleLoadList === undefined) return true;
  if (looked === moduleLoadList.length) return false;
  if (moduleLoadList.includes('NativeModule child_process')) return true;
  looked = moduleLoadList.length;
  return false;
}

/** Text that a task or a library prints goes to the action's log; stdout belongs to results. */
function captured(stream: NodeJS.WriteStream, say: (message: { readonly type: 'log' } & LogLine) => void) {
  const lines = eachLine((message) => say({ type: 'log', level: 'info', message }));
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    lines.write(Buffer.from(chunk as string));
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }) as typeof stream.write;
  return lines;
}
