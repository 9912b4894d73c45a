/** A cause of an execution on a line: the thing that changed, its old and new value, and the position. */
import { unreachable } from '../base/result.ts';
import type { Cause } from '../history/cause.ts';
import { listText } from './list.ts';

export function causeText(cause: Cause): string {
  switch (cause.cause) {
    case 'first-run':
      return 'it has not run before';
    case 'forced':
      return 'it was asked for with --force';
    case 'result-lost':
      return cause.port === null
        ? 'its result is no longer in the store'
        : `its output ${cause.port} is gone from the store or damaged`;
    case 'param-changed': {
      const position = cause.position === null ? '' : ` (${cause.position})`;
      // Both are null if the parameter is null in the first run and left out in the second, or the other way round.
      const change =
        cause.from === null && cause.to === null
          ? 'null or left out'
          : `${JSON.stringify(cause.from)} -> ${JSON.stringify(cause.to)}`;
      return `params.${cause.param} ${change}${position}`;
    }
    case 'code-changed':
      return `code changed${cause.files.length > 0 ? `: ${listText(cause.files, ', ')}` : ''}`;
    case 'packages-changed':
      return `packages changed: ${cause.packages.join(' ')}`;
    case 'command-changed':
      return 'its shell command changed';
    case 'env-changed':
      return `its environment changed: ${cause.name}`;
    case 'input-changed':
      return `input ${cause.port} ${inputVerb(cause)} <- ${cause.source}`;
    case 'extension-changed':
      return `input ${cause.port} has another extension, ${extensionText(cause.from)} -> ${extensionText(cause.to)}`;
    case 'order-changed':
      return `input ${cause.port} comes in another order`;
    case 'outputs-changed':
      return `its declared output ${cause.port} changed`;
    case 'format-changed':
      return `the store's result format changed, ${cause.from} -> ${cause.to}`;
    default:
      return unreachable(cause);
  }
}

function inputVerb({ from, to }: Extract<Cause, { cause: 'input-changed' }>): string {
  if ((from === null) === (to === null)) return 'changed';
  return from === null ? 'is new' : 'is gone';
}

const extensionText = (extension: string): string => (extension === '' ? 'none' : extension);

/** Names the first few causes on a line: a gathered input may have changed in every recording. */
export const causesText = (why: readonly Cause[]): string => listText(why.map(causeText), '; ');
