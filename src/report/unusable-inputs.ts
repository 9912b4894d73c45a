/** Lists users' files that cannot be inputs, the actions that take them, and how to fix it. */
import type { RunFailure } from '../base/failure.ts';
import { listText } from './list.ts';
import { printable } from './printable.ts';

type Unusable = Extract<RunFailure, { reason: 'inputs-unusable' }>;

export function unusableText({ missing, recordings, inside, patterns }: Unusable): string {
  const lines = [
    ...missing.map(missingText),
    ...patterns.map(patternText),
    ...recordings.map(recordingText),
    ...inside.map(insideText),
  ];
  return [...lines.map((line) => printable(line)), 'nothing was run, and nothing removed'].join('\n');
}

const missingText = ({ path, takers, nearest }: Unusable['missing'][number]): string =>
  `there is no file ${path} (${listText(takers, ', ')})${nearestText(nearest)}`;

function patternText(unusable: Unusable['patterns'][number]): string {
  const { pattern, at, takers } = unusable;
  const named = `${at}: ${pattern} (${listText(takers, ', ')})`;
  if (unusable.problem === 'no-match') return `${named} matches no file${nearestText(unusable.nearest)}`;
  const folder = unusable.problem === 'out' ? 'out/' : 'the store';
  return `${named} reaches into ${folder}, which is filled by runs; leave that out by except: ["${unusable.folder}/**"], or begin the pattern with a folder of your own`;
}

const recordingText = ({ name, nearest }: Unusable['recordings'][number]): string =>
  `${name} is no recording of the pipeline${nearestText(nearest)}`;

const nearestText = (nearest: string | null): string => (nearest === null ? '' : `; did you mean ${nearest}?`);

function insideText({ path, takers, inside, holds, instead }: Unusable['inside'][number]): string {
  const folder = inside === 'out' ? 'out/' : 'the store';
  const actions = listText(takers, ', ');
  if (holds) {
    const option = inside === 'out' ? '--out' : '--store';
    return `${path} (${actions}) holds ${folder}, which changes with every run; move the data into a folder of its own, or choose another ${option}`;
  }
  const advice = instead === null ? 'take it from the step that makes it' : `write ${instead} in place of the file`;
  return `${path} (${actions}) lies in ${folder}, which is filled by runs; ${advice}`;
}
