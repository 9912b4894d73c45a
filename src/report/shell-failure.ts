/** Says how a shell command failed: its exit code or signal, the usual meaning of that, and how to fix it. */
import { constants } from 'node:os';
import type { ShellFailure } from '../base/failure.ts';
import { listText } from './list.ts';

export function shellFailureText({ exitCode, signal, inProject }: ShellFailure): string {
  const hint = inProject === undefined ? '' : `. ${projectText(inProject)}`;
  if (exitCode === null && signal === null) return 'the command could not be started';
  if (signal !== null) return `the command was ended by ${signal}${meaning(signal)}${hint}`;
  return `the command ended with exit code ${exitCode}${codeMeaning(exitCode ?? 0)}${hint}`;
}

export const stillRunningText = (processes: readonly string[]): string =>
  `it ended while ${listText([...new Set(processes)], ', ')} still ran, which may have been writing an output; nothing was kept. Let it wait for that: a command ends with wait, or has a pipe instead of >(...); a task awaits what it started`;

const projectText = (file: string): string =>
  `${file} is in the folder of the pipeline, but the command runs in an empty folder of its own: make it an input, as in inputs: { script: { file: ${file} } }, and write {inputs.script}; or give the step cwd: project`;

/** A shell exits with 128 plus the signal's number if a signal ended its last command. */
function codeMeaning(code: number): string {
  if (code === 126) return ': a program is not an executable file, or got more arguments than the system allows';
  if (code === 127) return ': a program was not found on the PATH';
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? '' : `: a program in it was ended by ${name}${meaning(name)}`;
}

const MEANINGS: { readonly [signal: string]: string } = {
  SIGPIPE:
    'the program that read its output ended first, as head does; end such a pipe with || true, or take pipefail back with set +o pipefail',
  SIGKILL: 'the system may have run out of memory; lower --jobs, or give the step resources.memory',
  SIGSEGV: 'it accessed memory that it may not access; that is a bug in the program',
  SIGBUS: 'a file that it had mapped was cut, or the disk is full',
  SIGABRT: 'it gave up by itself; what it printed may say why',
  SIGFPE: 'it divided by zero',
  SIGILL: 'it was built for another processor',
  SIGXCPU: 'it took more processor time than it may',
  SIGXFSZ: 'it wrote a larger file than it may',
  SIGTERM: 'somebody asked it to end',
  SIGINT: 'somebody interrupted it',
};

const meaning = (signal: string): string => (MEANINGS[signal] === undefined ? '' : `: ${MEANINGS[signal]}`);
