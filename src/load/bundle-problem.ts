/** Why a task could not be bundled, as a sentence for the pipeline's author. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearest } from '../pipeline/text/nearest.ts';
import { NO_TASK } from './interface-problem.ts';

/** What esbuild calls the line that asks for the task: no file of anyone's. */
export const ENTRY = '<stdin>';

/** What esbuild says of a task that imports from this package under its earlier name. */
const EARLIER_IMPORT = /^Could not resolve "(groundwork(?:\/[\w/.-]+)?)"/;

const isCalledNow = (name = ''): string =>
  `groundwork is called groundproof now: write ${name.replace('groundwork', 'groundproof')} instead of ${name}`;

/** esbuild's first error with its place; anything else it throws is a bug. */
export function buildProblem(error: unknown, folder: string, uses: string): string {
  const errors = (
    error as { errors?: { text: string; location: { file: string; line: number; column: number } | null }[] }
  ).errors;
  const [first] = errors ?? [];
  if (!first) throw error;
  const { text, location } = first;
  if (location?.file === ENTRY) {
    if (text.startsWith('Could not resolve')) return notThere(folder, uses);
    return text.startsWith('No matching export') ? NO_TASK : text;
  }
  const [, earlier] = EARLIER_IMPORT.exec(text) ?? [];
  const said = earlier === undefined ? text : isCalledNow(earlier);
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${said}` : said;
}

/** That what a step `uses` cannot be found, and what is called nearly so. */
function notThere(folder: string, uses: string): string {
  if (!/^\.{0,2}\//.test(uses)) {
    if (/^groundwork(?:\/|$)/.test(uses)) return isCalledNow(uses);
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
