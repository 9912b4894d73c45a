/** Bundles bench/NAME.ts and runs it: node scripts/bench.mjs NAME [arguments] */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, ...rest] = process.argv.slice(2);
const bundle = join(root, 'bench', 'results', `${name}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [`bench/${name}.ts`],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  loader: { '.wasm': 'binary' },
  logLevel: 'warning',
});
process.exitCode = spawnSync(process.execPath, [bundle, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1;
