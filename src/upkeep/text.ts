/** The outcomes of gc, of `cache stats` and of `cache check` as text. */
import { bytesText } from '../base/amounts.ts';
import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import { storeUsersText } from '../report/store-failure.ts';
import { nearPath } from '../report/summary.ts';
import { padEnd } from '../report/width.ts';
import type { StoreCheck } from './check.ts';
import type { Damage } from './drop-damaged.ts';
import type { Freed } from './gc.ts';
import type { StoreStats } from './stats.ts';

export function freedLines(freed: Freed): string[] {
  const printed = printableIn(freed, printableLine);
  const { results, blobs, runs, bytes, kept, keepRuns, pipelines, locks, refused, maxSize, dryRun } = printed;
  const verb = dryRun ? 'would free' : 'freed';
  const reasons = [
    `${countText(kept.forRuns, 'result')} of the last ${countText(keepRuns, 'run')} of ${countText(pipelines.length, 'pipeline')}`,
    ...(locks.length > 0
      ? [`${countText(kept.forLocks, 'more result')} that ${listText(locks.map(nearPath), ', ')} names`]
      : []),
    ...(kept.recent > 0 && maxSize !== null ? [`${countText(kept.recent, 'other')} below ${bytesText(maxSize)}`] : []),
  ];
  return [
    `${verb} ${bytesText(bytes)}: ${countText(results, 'result')}, ${countText(blobs, 'blob')}, ${countText(runs, 'run')}`,
    `kept ${bytesText(kept.bytes)}: ${reasons.join(', ')}`,
    ...(refused[0] === undefined
      ? []
      : [
          `${countText(refused.length, 'part')} of the store could not be removed, because another user made them: ${nearPath(refused[0])}; let that user run gc`,
        ]),
    ...(maxSize !== null && kept.bytes > maxSize
      ? [`that is more than ${bytesText(maxSize)}: keep fewer runs with --keep-runs, or remove a lock`]
      : []),
  ];
}

/** The largest steps explain the size of the store. */
const MAX_STEPS = 12;

export function statsLines(stats: StoreStats): string[] {
  const { path, results, blobs, bytes, runs, halfMade, steps } = printableIn(stats, printableLine);
  const width = Math.max(...steps.slice(0, MAX_STEPS).map(({ step }) => step.length), 0);
  const left = steps.length - MAX_STEPS;
  return [
    `${nearPath(path)}: ${bytesText(bytes)} in ${countText(results, 'result')}, ${countText(blobs, 'blob')}; ${countText(runs, 'run')}`,
    ...steps
      .slice(0, MAX_STEPS)
      .map(
        (step) =>
          `  ${padEnd(step.step, width)}  ${bytesText(step.bytes).padStart(9)}  ${countText(step.results, 'result')}`,
      ),
    ...(left > 0 ? [`  and ${countText(left, 'more step')}`] : []),
    ...(halfMade > 0
      ? [`  ${bytesText(halfMade)} more are kept for the next attempt of what failed; gc drops them`]
      : []),
  ];
}

export function checkedLines(checked: StoreCheck, paint: Paint): string[] {
  const { results, blobs, bytes, damage, madeFrom, unreferenced, inUse } = printableIn(checked, printableLine);
  return [
    ...damage.map((damaged) => `${paint.red('damaged')} ${damageText(damaged)}`),
    ...(madeFrom.length > 0
      ? [
          `${inUse === null ? 'dropped' : 'not dropped'}, because made from what is damaged: ${countText(madeFrom.length, 'result')} of ${listText([...new Set(madeFrom)], ', ')}`,
        ]
      : []),
    ...(unreferenced.count > 0
      ? [
          `dropped ${countText(unreferenced.count, 'leftover')} that nothing refers to, ${bytesText(unreferenced.bytes)}`,
        ]
      : []),
    `checked ${countText(results, 'result')}, ${countText(blobs, 'blob')}, ${bytesText(bytes)}: ${
      damage.length === 0 ? 'all as it was stored' : `${damage.length} damaged ${afterDamage(inUse)}`
    }`,
  ];
}

function afterDamage(inUse: StoreCheck['inUse']): string {
  if (inUse === null) return 'and dropped; the next run makes them again';
  return inUse === 'taken over'
    ? 'and not all dropped, because this process was suspended for so long that others took the store over; check again'
    : `and not dropped, because the store is in use by ${storeUsersText(inUse)}; check again when that has ended`;
}

function damageText(damage: Damage): string {
  switch (damage.damaged) {
    case 'blob':
      return `blob ${damage.digest} of ${listText(damage.actions, ', ')}: its content is not what was stored`;
    case 'missing':
      return `blob ${damage.digest} of ${listText(damage.actions, ', ')}: it is gone`;
    case 'record':
      return `record ${nearPath(damage.path)}: it is not what was written`;
    case 'folder':
      return `folder ${nearPath(damage.path)}: the disk does not list it, so nothing was dropped; check the disk`;
    case 'code':
      return `code ${nearPath(damage.path)}: it is not what was written`;
  }
}
