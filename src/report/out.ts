/** Words for the state of `out/`. */
import { join } from 'node:path';
import { timeText } from '../base/time.ts';
import type { OutAlsoShows, OutBusy } from '../history/event.ts';
import type { OutState } from '../out/state.ts';
import { listText, many } from './list.ts';
import { printable } from './printable.ts';
import { nearPath } from './summary.ts';

export function outBusyText({ out, pid, host, stopped, run, pipeline, since }: OutBusy): string {
  const here = pid === process.pid && host === null;
  const who = here ? 'this process' : `process ${pid}${host === null ? '' : ` on ${host}`}`;
  const about = [
    ...(run === null ? [] : [`${nearPath(join(out, pipeline ?? ''))}, run ${run}`]),
    ...(since === null ? [] : [`since ${timeText(since)}`]),
  ];
  const of = about.length > 0 ? ` (${about.join(', ')})` : '';
  const then = stopped
    ? `, which was stopped: continue it (kill -CONT ${pid}) or end it; this run takes over after a minute`
    : '; waiting for it to end';
  return printable(`${nearPath(out)} is in use by ${who}${of}${then}`);
}

/** A line for what earlier runs brought there, and one for what nothing makes any more. */
export function outAlsoShowsLines({ out, earlier, leftovers }: OutAlsoShows): readonly string[] {
  const actions = earlier.flatMap((run) => run.actions);
  const mixed =
    actions.length > 0
      ? `${nearPath(out)} also shows ${many(actions.length, 'action')} of earlier runs: ${listText(actions, ', ')}`
      : [];
  const gone =
    leftovers.length > 0
      ? `${nearPath(out)} still holds what no step makes any more: ${listText(leftovers, ', ')}; groundproof prune removes it`
      : [];
  return [mixed, gone].flat().map(printable);
}

/** Lists what prune removed, an action a line. */
export function prunedLines(
  { actions, files }: { readonly actions: readonly string[]; readonly files: number },
  out: string,
  dryRun: boolean,
): readonly string[] {
  const what = `${many(files, 'file')} of ${many(actions.length, 'action')} in ${nearPath(out)}`;
  if (actions.length === 0) return [`nothing in ${nearPath(out)} that no step makes any more`];
  return [...actions.map((action) => printable(`  ${action}`)), dryRun ? `would remove ${what}` : `removed ${what}`];
}

/** What a reader of `out/` should know: that its run was not complete, and which actions are of earlier ones. */
export function outStateLines(state: OutState, out: string): readonly string[] {
  const earlier = Object.values(state.earlier).flat();
  const lines = [];
  if (state.ended === null) lines.push(`${nearPath(out)} is of run ${state.run}, which is underway or was killed`);
  else if (!state.complete) lines.push(`${nearPath(out)} is of run ${state.run}, which was not complete`);
  if (earlier.length > 0) {
    lines.push(
      `${nearPath(out)} also shows ${many(earlier.length, 'action')} of earlier runs: ${listText(earlier, ', ')}`,
    );
  }
  return lines.map((line) => printable(line));
}
