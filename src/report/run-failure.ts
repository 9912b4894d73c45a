/** Says why a run could not begin, and how to fix it. */
import { join } from 'node:path';
import { bytesText } from '../base/amounts.ts';
import type { RunFailure } from '../base/failure.ts';
import { unreachable } from '../base/result.ts';
import { diagnosticsText } from './diagnostic.ts';
import { fileSystemText } from './file-system-failure.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import { slurmFailureText } from './slurm-failure.ts';
import { storeFailureText } from './store-failure.ts';
import { unusableText } from './unusable-inputs.ts';

type Failure<Reason extends RunFailure['reason']> = Extract<RunFailure, { reason: Reason }>;

export function runFailureText(refused: RunFailure, paint: Paint): string {
  // `diagnosticsText` cleans its own text: cleaning it here would move the underlined ranges.
  const failure = refused.reason === 'pipeline-invalid' ? refused : printableIn(refused);
  switch (failure.reason) {
    case 'usage':
      return failure.hint === undefined ? failure.message : `${failure.message}\n${failure.hint}`;
    case 'pipeline-missing':
      return `there is no pipeline ${failure.path}; name one: groundproof run path/to/pipeline.yaml`;
    case 'pipeline-folder':
      return `${failure.path} is a folder; name the pipeline in it: groundproof run path/to/pipeline.yaml`;
    case 'pipeline-too-large':
      return `${failure.path} is ${bytesText(failure.bytes)} large, and a pipeline may have at most ${bytesText(failure.most)}; keep data in separate files, and name those in the pipeline`;
    case 'pipeline-invalid':
      return diagnosticsText(failure.diagnostics, paint);
    case 'target-unknown':
      return failure.targets.map(unknownTargetText).join('\n');
    case 'out-refused':
      return `${failure.path} is not an out folder of groundproof and not empty, so nothing was touched; choose an empty or new folder with --out`;
    case 'earlier-name':
      return EARLIER_NAME[failure.of](failure.path);
    case 'out-in-the-way':
      return inTheWayText(failure.paths);
    case 'inputs-unusable':
      return unusableText(failure);
    case 'out-of-another':
      return otherPipelineText(failure);
    case 'interrupted':
      return `interrupted while waiting for ${failure.waitedFor}; nothing was done`;
    case 'not-up-to-date':
      return `the store does not hold the results of ${firstText(failure.actions)}; make them first: groundproof run`;
    case 'store-newer':
    case 'store-refused':
    case 'store-linked':
    case 'store-missing':
    case 'store-in-use':
    case 'store-taken-over':
      return storeFailureText(failure);
    case 'submission-missing':
    case 'submission-of-another-build':
    case 'slurm-missing':
    case 'slurm-refused':
      return slurmFailureText(failure);
    case 'file-system':
      return fileSystemText(failure);
    default:
      return unreachable(failure);
  }
}

function unknownTargetText({ name, nearest }: Failure<'target-unknown'>['targets'][number]): string {
  const hint = nearest === undefined ? 'groundproof graph shows what there is' : `did you mean ${nearest}?`;
  return name.includes('*')
    ? `no step or action matches ${name}; ${hint}`
    : `there is no step or action ${name}; ${hint}`;
}

function otherPipelineText({ out, pipeline, actions }: Failure<'out-of-another'>): string {
  return (
    `${out} shows ${firstText(actions)} of another pipeline, ${join(out, pipeline)}, so nothing was touched; ` +
    'show this one elsewhere with --out, or rename the steps'
  );
}

/** `detect@a and 3 more`. */
function firstText([first = '', ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}

function inTheWayText(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  if (others.length === 0)
    return `${first} was not written by groundproof and stands where a result should go; move it away and run again`;
  return `these were not written by groundproof and stand where results should go; move them away and run again:\n${indented(paths)}`;
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');

/** Folders that were made when groundproof was called groundwork. */
const EARLIER_NAME = {
  store: (path: string) =>
    `${path} is a store of groundwork, as groundproof was called before. Its results were made under the earlier name and are not reused: remove the folder, or give another one with --store`,
  out: (path: string) =>
    `${path} was written by groundwork, as groundproof was called before. It holds copies of results: move the folder away or remove it, and run again`,
};
