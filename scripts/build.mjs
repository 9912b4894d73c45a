/** Builds dist/: the bundled command line, the library, `groundwork/task` and the worker, with their types. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** A digest of everything that the engine is made of. */
function engineDigest() {
  const hash = createHash('sha256');
  const add = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) add(path);
      else hash.update(`${path}\0`).update(readFileSync(path));
    }
  };
  add('src');
  hash.update(readFileSync('package.json'));
  return hash.digest('hex').slice(0, 16);
}

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    cli: 'src/cli/main.ts',
    index: 'src/index.ts',
    task: 'src/task/index.ts',
    worker: 'src/run/worker.ts',
    'interface-worker': 'src/load/interface-worker.ts',
    'verify-worker': 'src/verify/worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  chunkNames: 'chunk-[hash]',
  define: { GROUNDWORK_ENGINE: JSON.stringify(engineDigest()), GROUNDWORK_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
chmodSync('dist/cli.js', 0o755);
cpSync('src/task/fonts', 'dist/fonts', { recursive: true });

execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
