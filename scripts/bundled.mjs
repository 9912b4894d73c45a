/** Bundles a TypeScript program of the repository into bench/results/ and runs it. */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} program @param {readonly string[]} words */
export async function runBundled(program, words) {
  const bundle = join(root, 'bench', 'results', `${basename(program, '.ts')}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [program],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    loader: { '.wasm': 'binary' },
    logLevel: 'warning',
  });
  return spawnSync(process.execPath, [bundle, ...words], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
