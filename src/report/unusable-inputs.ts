/** Users' files that cannot be inputs, in words: which, who wants them, and what to do. */
import type { RunFailure } from '../base/failure.ts';
import { listText } from './list.ts';
import { printable } from './printable.ts';

type Unusable = Extract<RunFailure, { reason: 'inputs-unusable' }>;

export function unusableText({ missing, recordings, inside }: Unusable): string {
  const lines = [...missing.map(missingText), ...recordings.map(recordingText), ...inside.map(insideText)];
  return [...lines.map((line) => printable(line)), 'nothing was run, and nothing removed'].join('\n');
}

function missingText({ path, takers, nearest }: Unusable['missing'][number]): string {
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `there is no file ${path} (${listText(takers, ', ')})${hint}`;
}

function recordingText({ name, nearest }: Unusable['recordings'][number]): string {
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `${name} is no recording of the pipeline${hint}`;
}

function insideText({ path, takers, inside, holds, instead }: Unusable['inside'][number]): string {
  const what = inside === 'out' ? 'out/' : 'the store';
  const who = listText(takers, ', ');
  if (holds) {
    const option = inside === 'out' ? '--out' : '--store';
    return `${path} (${who}) holds ${what}, which changes with every run; move the data into a folder of its own, or choose another ${option}`;
  }
  const how = instead === null ? 'take it from the step that makes it' : `write ${instead} in place of the file`;
  return `${path} (${who}) lies in ${what}, which is filled by runs; ${how}`;
}
