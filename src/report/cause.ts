/** A cause of an execution as one line: what changed, from what to what, and where. */
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
      const where = cause.position === null ? '' : ` (${cause.position})`;
      // Both null: it is left out on one side and null on the other.
      const change =
        cause.from === null && cause.to === null
          ? 'null or left out'
          : `${JSON.stringify(cause.from)} -> ${JSON.stringify(cause.to)}`;
      return `params.${cause.param} ${change}${where}`;
    }
    case 'code-changed':
      return `code changed${cause.files.length > 0 ? `: ${listText(cause.files, ', ')}` : ''}`;
    case 'packages-changed':
      return `packages changed: ${cause.packages.join(' ')}`;
    case 'command-changed':
      return 'its shell command changed';
    case 'env-changed':
      return `its environment changed: ${cause.name}`;
    case 'input-changed': {
      const [was, is] = [cause.from !== null, cause.to !== null];
      const verb = was === is ? 'changed' : is ? 'is new' : 'is gone';
      return `input ${cause.port} ${verb} <- ${cause.source}`;
    }
    case 'extension-changed':
      return `input ${cause.port} has another extension, ${quoted(cause.from)} -> ${quoted(cause.to)}`;
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

const quoted = (extension: string): string => (extension === '' ? 'none' : extension);

/** Several causes on one line; a gathered input that changed everywhere is not listed one by one. */
export const causesText = (why: readonly Cause[]): string => listText(why.map(causeText), '; ');
