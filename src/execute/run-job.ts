/** Runs jobs in turn in a worker thread, each as if it were the first. */
import type { LogLine } from '../store/result.ts';
import { inspectCode } from './inspect-code.ts';
import type { FromWorker, Job } from './job.ts';
import { eachLine } from './lines.ts';
import { type ActionHooks, runTaskInThisThread } from './run-task.ts';
import { type ThreadWatch, watchThread } from './thread-watch.ts';

/** A loaded module is never freed, so the thread ends after this many modules, or this many characters of code. */
const MOST_MODULES = 500;
const MOST_CODE = 32 << 20;

/** Prepares this thread; returns a function that runs a job and sends its outputs or failure with `say`. */
export function jobRunnerForThisThread(
  say: (message: FromWorker) => void,
): (job: Job, hooks: ActionHooks) => Promise<void> {
  const environment = { ...process.env };
  const printed = [process.stdout, process.stderr].map((stream) => captureLines(stream, say));
  let watch: ThreadWatch | undefined;
  let modules = 0;
  let code = 0;
  return async (job, hooks) => {
    setEnvironment({ ...environment, HOME: job.scratch.temporary, TMPDIR: job.scratch.temporary });
    // Begin the watch only now: Node adds to the globals while the thread starts.
    watch ??= watchThread();
    const about = inspectCode(job.code);
    watch.alsoWatch(about.modules);
    const made = await runTaskInThisThread(job, hooks);
    // Wait one more turn, so that an unhandled rejection ends this action and not the next on this thread.
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

/** The length of the list of loaded modules when it was last searched. */
let searched = 0;

/** Whether this thread has loaded Node's module that starts programs. */
function mayHaveChildren(): boolean {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  if (moduleLoadList === undefined) return true;
  if (searched === moduleLoadList.length) return false;
  if (moduleLoadList.includes('NativeModule child_process')) return true;
  searched = moduleLoadList.length;
  return false;
}

/** Sends text that a task or a library prints to the action's log; stdout is for results only. */
function captureLines(stream: NodeJS.WriteStream, say: (message: { readonly type: 'log' } & LogLine) => void) {
  const lines = eachLine((message) => say({ type: 'log', level: 'info', message }));
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    lines.write(Buffer.from(chunk as string));
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }) as typeof stream.write;
  return lines;
}
