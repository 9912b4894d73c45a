/** Words for the state of `out/`. */
import { join } from 'node:path';
import { timeText } from '../base/time.ts';
import type { OutAlsoShows, OutBusy } from '../history/event.ts';
import type { OutState } from '../out/state.ts';
import { countText, listText } from './list.ts';
import { printable } from './printable.ts';
import { nearPath } from './summary.ts';

export function outBusyText({ out, pid, host, stopped, run, pipeline, since }: OutBusy): string {
  const isThis = pid === process.pid && host === null;
  const owner = isThis ? 'this process' : `process ${pid}${host === null ? '' : ` on ${host}`}`;
  const details = [
    ...(run === null ? [] : [`${nearPath(join(out, pipeline ?? ''))}, run ${run}`]),
    ...(since === null ? [] : [`since ${timeText(since)}`]),
  ];
  const detailText = details.length > 0 ? ` (${details.join(', ')})` : '';
  const advice = stopped
    ? `, which was stopped: continue it (kill -CONT ${pid}) or end it; this run takes over after a minute`
    : '; waiting for it to end';
  return printable(`${nearPath(out)} is in use by ${owner}${detailText}${advice}`);
}

/** A line for the actions of earlier runs, and a line for outputs that no step makes any more. */
export function outAlsoShowsLines({ out, earlier, leftovers }: OutAlsoShows): readonly string[] {
  const lines = earlierLines(
    earlier.flatMap((run) => run.actions),
    out,
  );
  if (leftovers.length > 0) {
    const names = listText(leftovers, ', ');
    lines.push(
      `${nearPath(out)} still holds outputs that no step makes any more: ${names}; groundproof prune removes them`,
    );
  }
  return lines.map(printable);
}

const earlierLines = (actions: readonly string[], out: string): string[] =>
  actions.length > 0
    ? [`${nearPath(out)} also shows ${countText(actions.length, 'action')} of earlier runs: ${listText(actions, ', ')}`]
    : [];

/** Lists the actions whose outputs prune removed, or would remove in a dry run. */
export function prunedLines(
  { actions, files }: { readonly actions: readonly string[]; readonly files: number },
  { out, dryRun }: { readonly out: string; readonly dryRun: boolean },
): readonly string[] {
  if (actions.length === 0)
    return [`nothing in ${nearPath(out)} to remove: steps of the pipeline make all outputs there`];
  const total = `${countText(files, 'file')} of ${countText(actions.length, 'action')} in ${nearPath(out)}`;
  return [...actions.map((action) => printable(`  ${action}`)), dryRun ? `would remove ${total}` : `removed ${total}`];
}

/** Warns a reader of `out/` if its run is not complete, or if it also shows actions of earlier runs. */
export function outStateLines(state: OutState, out: string): readonly string[] {
  const lines: string[] = [];
  if (state.ended === null) lines.push(`${nearPath(out)} is of run ${state.run}, which is underway or was killed`);
  else if (!state.complete) lines.push(`${nearPath(out)} is of run ${state.run}, which was not complete`);
  lines.push(...earlierLines(Object.values(state.earlier).flat(), out));
  return lines.map(printable);
}
