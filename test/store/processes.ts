/** Runs parts of the engine in separate processes, to test several at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { temporaryFolder } from './temporary.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Bundles a module whose imports are relative to `src`; returns a file that node runs. */
export function program(contents: string): string {
  const outfile = join(temporaryFolder(), 'program.mjs');
  buildSync({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(path: string, ...words: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [path, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return { child, ended };
}

/** Runs `count` processes at once, each of which must succeed. Returns their outputs. */
export async function together(count: number, path: string, ...words: string[]): Promise<string[]> {
  const all = await Promise.all(Array.from({ length: count }, (_, i) => start(path, String(i), ...words).ended));
  for (const { code, stderr } of all) if (code !== 0 || stderr !== '') throw new Error(`exit ${code}\n${stderr}`);
  return all.map(({ stdout }) => stdout);
}
