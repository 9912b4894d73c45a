/** Builds dist/: the bundled command line, the library, `groundproof/task` and the worker, with their types. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Dynamic imports that are bundled into the command's file nevertheless: every run needs a reporter. */
const REPORTERS = ['paint', 'plain', 'pretty', 'json-lines'].map((name) => `src/report/${name}.ts`);

/** The digest of all files of the engine. */
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

/** The licence texts of bundled packages, which the licences require. */
function licenses(files) {
  const packages = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    return [`${name} ${version} (${license})`, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))].join(
      '\n\n',
    );
  });
  return `dist/ contains code of these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}`;
}

const shared = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Bundle most packages: a single file loads in a tenth of the time of hundreds. Node finds these installed packages.
  external: ['esbuild', '@resvg/resvg-js', 'zx', 'canvas'],
  // CommonJS in a bundle calls `require`, which an ECMAScript module lacks.
  banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);" },
  metafile: true,
  define: { GROUNDPROOF_ENGINE: JSON.stringify(engineDigest()), GROUNDPROOF_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

/** Bundles all static imports into a single file; dynamic imports load the files of the first build. */
function buildOneFile(name, source) {
  const plugin = {
    name: 'only-static-imports',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        const module = relative(root, join(resolveDir, path));
        if (kind !== 'dynamic-import' || REPORTERS.includes(module)) return undefined;
        return { path: `./${module === SESSION ? 'session.js' : fileOf.get(module)}`, external: true };
      });
    },
  };
  return build({ ...shared, entryPoints: { [name]: source }, plugins: [plugin] });
}

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  ...shared,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
    task: 'src/task/index.ts',
    worker: 'src/execute/worker.ts',
    'interface-worker': 'src/load/interface-worker.ts',
    'verify-worker': 'src/verify/worker.ts',
  },
  splitting: true,
  chunkNames: 'chunk-[hash]',
});

// Build again into a single file each: the command's first file, the command with all that a run with nothing to do loads,
// the code that a run with something to do adds, and the code of its threads. Dozens of chunks take three times as long.
const SESSION = 'src/run/bring-up-to-date.ts';
const fileOf = new Map(Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [entryPoint, basename(path)]));
const command = {
  cli: 'src/cli/start.ts',
  main: 'src/cli/main.ts',
  session: SESSION,
  worker: 'src/execute/worker.ts',
};
for (const [name, source] of Object.entries(command)) await buildOneFile(name, source);
writeFileSync('dist/LICENSES.txt', licenses(Object.keys(metafile.inputs)));
chmodSync('dist/cli.js', 0o755);
cpSync('src/task/fonts', 'dist/fonts', { recursive: true });

execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
