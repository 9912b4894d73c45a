/** Says in a sentence for the pipeline's author why a task could not be bundled. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearest } from '../pipeline/text/nearest.ts';
import { NO_TASK } from './interface-problem.ts';

/** esbuild's name for the line that imports the task, which is in no file. */
export const ENTRY = '<stdin>';

/** esbuild's message about a task that imports from this package by its earlier name. */
const EARLIER_IMPORT = /^Could not resolve "(groundwork(?:\/[\w/.-]+)?)"/;

const renamed = (name: string): string =>
  `groundwork is called groundproof now: write ${name.replace('groundwork', 'groundproof')} instead of ${name}`;

/** Returns esbuild's first error with its place. Rethrows any other error, which is a bug. */
export function buildProblem(error: unknown, folder: string, uses: string): string {
  const errors = (
    error as { errors?: { text: string; location: { file: string; line: number; column: number } | null }[] }
  ).errors;
  const [first] = errors ?? [];
  if (!first) throw error;
  const { text, location } = first;
  if (location?.file === ENTRY) {
    if (text.startsWith('Could not resolve')) return notFound(folder, uses);
    return text.startsWith('No matching export') ? NO_TASK : text;
  }
  const [, earlier] = EARLIER_IMPORT.exec(text) ?? [];
  const message = earlier === undefined ? text : renamed(earlier);
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${message}` : message;
}

/** Says that the module of a step's `uses` cannot be found, and suggests a similar name. */
function notFound(folder: string, uses: string): string {
  if (!/^\.{0,2}\//.test(uses)) {
    if (/^groundwork(?:\/|$)/.test(uses)) return renamed(uses);
    const hint = existsSync(resolve(folder, uses)) ? `; did you mean './${uses}'?` : '';
    return `no installed package has it${hint}`;
  }
  const beside = dirname(resolve(folder, uses));
  try {
    const near = nearest(basename(uses), readdirSync(beside));
    const hint = near === undefined ? '' : `; did you mean '${uses.slice(0, -basename(uses).length)}${near}'?`;
    return `there is no such file${hint}`;
  } catch {
    return `there is no folder ${beside}`;
  }
}
