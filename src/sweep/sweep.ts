/**
 * A sweep: a run for each value of a parameter, or for each combination of values of several, all on the same store. Its
 * result is the headline of each recording in each run.
 */
import type { RunFailure } from '../base/failure.ts';
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Event, RunFinished } from '../history/event.ts';
import { loadPipeline } from '../load/load-pipeline.ts';
import type { Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { selectTargets } from '../pipeline/targets.ts';
import type { Overrides } from '../pipeline/text/override.ts';
import { addressOf } from '../remote/address.ts';
import { bringUpToDate } from '../run/bring-up-to-date.ts';
import { withOpenStore } from '../store/with-open-store.ts';
import { type SweptHeadline, sweptHeadlines } from './headlines.ts';
import { type Axis, gridOf, MAX_VALUES, readAxes, settingText } from './values.ts';

export interface Sweep {
  readonly axes: readonly SweptAxis[];
  readonly headline: SweptHeadline | null;
  /** Names of the headline's rows: recordings, mostly. */
  readonly labels: readonly string[];
  /** A run for each combination, the last parameter changing fastest; fewer after an interrupt. */
  readonly runs: readonly SweptRun[];
  readonly interrupted: boolean;
}

export interface SweptAxis extends Axis {
  /** The value in the pipeline without `--set`; undefined if it cannot be known. */
  readonly own: Json | undefined;
}

export interface SweptRun extends Pick<RunFinished, 'executed' | 'reused' | 'failed' | 'blocked'> {
  /** A value for each axis. */
  readonly values: readonly Json[];
  /** A headline for each label; null if the run has no such row. */
  readonly headlines: readonly (string | null)[];
}

/** The run of a sweep that an event belongs to. */
export interface SweepPoint {
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** `step.param=value` for each axis. */
  readonly settings: readonly string[];
}

/**
 * Runs the request for each combination of values of its `--set`s. Checks all combinations before the first run. The runs
 * are unlisted: `out/` and the last run stay as they were. Failed actions do not stop the sweep.
 */
export async function sweep(
  request: Request,
  emit: (event: Event, point: SweepPoint) => void,
  signal: AbortSignal,
): Promise<Result<Sweep, RunFailure>> {
  const { set = [], ...others } = request.overrides;
  const read = readAxes(set);
  if (!read.ok) return err({ reason: 'pipeline-invalid', diagnostics: read.error });
  const axes = read.value;
  const size = axes.reduce((count, { values }) => count * values.length, 1);
  if (axes.length === 0 || size > MAX_VALUES) return err(axes.length === 0 ? NOTHING_SWEPT : tooMany(size));

  const points = gridOf(axes).map((values) => {
    const settings = axes.map(({ parameter }, i) => settingText(parameter, values[i] ?? null));
    return { values, settings, overrides: { ...others, set: settings } };
  });
  const checked = await check(
    request,
    others,
    points.map(({ overrides }) => overrides),
  );
  if (!checked.ok) return checked;
  const { ownSteps, steps } = checked.value;

  const address = addressOf(request.remote, process.env);
  if (!address.ok) return address;
  const finished: RunFinished[] = [];
  for (const [index, { settings, overrides }] of points.entries()) {
    const point = { index, of: points.length, settings };
    const ran = await bringUpToDate({
      request: { ...request, overrides },
      address: address.value,
      emit: (event) => emit(event, point),
      signal,
      unlisted: true,
    });
    if (!ran.ok) return ran;
    if (ran.value.interrupted) break;
    finished.push(ran.value);
  }
  const { headline, labels, runs } = sweptHeadlines(
    finished.map((run) => run.headline),
    steps,
  );
  return ok({
    axes: axes.map((axis) => ({ ...axis, own: ownValue(ownSteps, axis.parameter) })),
    headline,
    labels,
    runs: finished.map(({ executed, reused, failed, blocked }, i) => {
      return { values: points[i]?.values ?? [], headlines: runs[i] ?? [], executed, reused, failed, blocked };
    }),
    interrupted: finished.length < points.length,
  });
}

const NOTHING_SWEPT: RunFailure = {
  reason: 'usage',
  message: 'sweep needs --set step.param=VALUES: a range, or a list',
  hint: 'for example --set detect.mad_multiplier=6..10:0.5 or --set detect.mad_multiplier=6,8,10',
};

const tooMany = (size: number): RunFailure => ({
  reason: 'usage',
  message: `these are ${size} combinations of values, more than ${MAX_VALUES}`,
  hint: 'take larger steps',
});

interface CheckedSteps {
  /** The pipeline's steps without `--set`; null if it is invalid without `--set`. */
  readonly ownSteps: readonly Step[] | null;
  /** The steps with the last combination. */
  readonly steps: readonly Step[];
}

/** Loads the pipeline without `--set`, which may fail, and with each combination, which may not. */
const check = (
  request: Request,
  withoutSet: Overrides,
  combinations: readonly Overrides[],
): Promise<Result<CheckedSteps, RunFailure>> =>
  withOpenStore(request.store, async (store, memo) => {
    const load = (overrides: Overrides) => loadPipeline({ path: request.pipeline, overrides }, store, memo);
    const own = await load(withoutSet);
    let steps: readonly Step[] = [];
    for (const overrides of combinations) {
      const loaded = await load(overrides);
      if (!loaded.ok) return loaded;
      const { pipeline } = loaded.value;
      const selected = selectTargets(expand(pipeline), request);
      if (!selected.ok) return selected;
      const taken = new Set(selected.value.actions.map(({ step }) => step.name));
      if (!pipeline.steps.some((step) => taken.has(step.name) && hasHeadline(step))) return err(NO_HEADLINE);
      steps = pipeline.steps;
    }
    return ok({ ownSteps: own.ok ? own.value.pipeline.steps : null, steps });
  });

const hasHeadline = (step: Step): boolean =>
  Object.values(step.interface.outputs).some((port) => port.kind === 'table' && port.headline !== undefined);

const NO_HEADLINE: RunFailure = {
  reason: 'usage',
  message: 'no step of this has a headline, so there is nothing to compare',
  hint: "a task names one: outputs: { verdict: table(verdictTable, { headline: 'verdict' }) }",
};

/** Tries the longest step names first, because names of steps and parameters may contain dots. */
function ownValue(steps: readonly Step[] | null, parameter: string): Json | undefined {
  const step = [...(steps ?? [])]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => parameter.startsWith(`${name}.`));
  return step?.params[parameter.slice(step.name.length + 1)];
}
