/** What gc freed, what a store holds, and what a check of it found, in words. */
import { relative } from 'node:path';
import { bytesText } from '../base/amounts.ts';
import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import { storeUsersText } from '../report/store-failure.ts';
import { padEnd } from '../report/width.ts';
import type { Checked } from './check.ts';
import type { Damage } from './drop-damaged.ts';
import type { Freed } from './gc.ts';
import type { StoreStats } from './stats.ts';

export function freedLines(freed: Freed): string[] {
  const { results, blobs, runs, bytes, kept, keepRuns, pipelines, locks, refused, ...asked } = printableIn(
    freed,
    printableLine,
  );
  const verb = asked.dryRun ? 'would free' : 'freed';
  const { maxSize } = asked;
  const reasons = [
    `${countText(kept.forRuns, 'result')} of the last ${countText(keepRuns, 'run')} of ${countText(pipelines.length, 'pipeline')}`,
    ...(locks.length > 0
      ? [`${countText(kept.forLocks, 'more result')} that ${listText(locks.map(near), ', ')} names`]
      : []),
    ...(kept.recent > 0 && maxSize !== null ? [`${countText(kept.recent, 'other')} below ${bytesText(maxSize)}`] : []),
  ];
  return [
    `${verb} ${bytesText(bytes)}: ${countText(results, 'result')}, ${countText(blobs, 'blob')}, ${countText(runs, 'run')}`,
    `kept ${bytesText(kept.bytes)}: ${reasons.join(', ')}`,
    ...(refused[0] === undefined
      ? []
      : [
          `${countText(refused.length, 'part')} of the store could not be removed, because another user made them: ${near(refused[0])}; let that user run gc`,
        ]),
    ...(maxSize !== null && kept.bytes > maxSize
      ? [`that is more than ${bytesText(maxSize)}: keep fewer runs with --keep-runs, or remove a lock`]
      : []),
  ];
}

/** So many steps are listed: the largest say where the room went. */
const MOST_STEPS = 12;

export function statsLines(stats: StoreStats): string[] {
  const { path, results, blobs, bytes, runs, halfMade, steps } = printableIn(stats, printableLine);
  const width = Math.max(...steps.slice(0, MOST_STEPS).map(({ step }) => step.length), 0);
  const left = steps.length - MOST_STEPS;
  return [
    `${near(path)}: ${bytesText(bytes)} in ${countText(results, 'result')}, ${countText(blobs, 'blob')}; ${countText(runs, 'run')}`,
    ...steps
      .slice(0, MOST_STEPS)
      .map(
        (one) =>
          `  ${padEnd(one.step, width)}  ${bytesText(one.bytes).padStart(9)}  ${countText(one.results, 'result')}`,
      ),
    ...(left > 0 ? [`  and ${countText(left, 'more step')}`] : []),
    ...(halfMade > 0
      ? [`  ${bytesText(halfMade)} more are kept for the next attempt of what failed; gc drops them`]
      : []),
  ];
}

export function checkedLines(checked: Checked, paint: Paint): string[] {
  const { results, blobs, bytes, damage, madeFrom, unreferenced, inUse } = printableIn(checked, printableLine);
  return [
    ...damage.map((one) => `${paint.red('damaged')} ${damageText(one)}`),
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

function afterDamage(inUse: Checked['inUse']): string {
  if (inUse === null) return 'and dropped; the next run makes them again';
  return inUse === 'taken over'
    ? 'and not all dropped, because this process did not run for so long that others took the store over; check again'
    : `and not dropped, because the store is in use by ${storeUsersText(inUse)}; check again when that has ended`;
}

function damageText(damage: Damage): string {
  switch (damage.damaged) {
    case 'blob':
      return `blob ${damage.digest} of ${listText(damage.actions, ', ')}: its content is not what was stored`;
    case 'missing':
      return `blob ${damage.digest} of ${listText(damage.actions, ', ')}: it is gone`;
    case 'record':
      return `record ${near(damage.path)}: it is not what was written`;
    case 'folder':
      return `folder ${near(damage.path)}: the disk does not list it, so nothing was dropped; check the disk`;
    case 'code':
      return `code ${near(damage.path)}: it is not what was written`;
  }
}

function near(path: string): string {
  const relativePath = relative(process.cwd(), path);
  return relativePath.startsWith('..') || relativePath === '' ? path : relativePath;
}
