/**
 * A task's code, read twice by esbuild: once for what it is (normalised, so that comments, formatting and
 * types do not count) and once to be loaded (with a source map, so that an error names the author's line).
 */
import { existsSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildResult, build, type ImportKind, type Plugin, type PluginBuild } from 'esbuild';
import { type Digest, digestOf } from '../cache/digest.ts';
import { nearest } from '../pipeline/nearest.ts';
import { err, ok, type Result } from '../result.ts';
import { NO_TASK } from './no-task.ts';
import { closureOf, isInstalled, type Package, packageOf } from './packages.ts';
import { pageScripts } from './page-script.ts';

export interface Bundle {
  /** Of the normalised code. */
  readonly digest: Digest;
  /** name@version of every npm package that it reaches, sorted. */
  readonly packages: readonly string[];
  /** An ECMAScript module for this machine: what it imports stands in it by file URL. */
  readonly loadable: string;
  /** Absolute paths of all files that it was made from, package.json of the packages included. */
  readonly sources: readonly string[];
}

/** External to every bundle: the engine's own, present whatever the task's project has installed. */
const TASK_MODULE = 'groundwork/task';
const taskModuleUrl = new URL('./task.js', import.meta.url).href;

/** What esbuild calls the line that asks for the task: no file of anyone's. */
const ENTRY = '<stdin>';

/** Bundles the module that a step `uses`; the error is a sentence for the pipeline's author. */
export async function bundleTask(folder: string, uses: string): Promise<Result<Bundle, string>> {
  const reached = new Map<string, Set<Package>>();
  const bundled = new Set<Package>();
  const scripted = new Set<string>();
  const scripts = pageScripts(({ sources }) => {
    for (const source of sources) {
      const owner = isInstalled(source) ? packageOf(source) : undefined;
      if (owner) bundled.add(owner);
      else scripted.add(source);
    }
  });
  try {
    const [identity, loadable] = await Promise.all([
      bundleOnce('identity', folder, uses, scripts, {
        outside(name, _file, owner) {
          reached.set(name, (reached.get(name) ?? new Set()).add(owner));
          return name;
        },
        inside: (owner) => void bundled.add(owner),
      }),
      bundleOnce('loadable', folder, uses, scripts, {
        outside: (_name, file, _owner, kind) => (kind.startsWith('require') ? file : pathToFileURL(file).href),
        inside: () => {},
      }),
    ]);
    const kept = identity.metafile.outputs['out.js']?.imports ?? [];
    const packages = closureOf(kept.flatMap(({ path }) => [...(reached.get(path) ?? [])]));
    return ok({
      digest: digestOf(withoutFileName(textOf(identity))),
      packages: [...new Set(packages.map(({ name, version }) => `${name}@${version}`))].sort(),
      loadable: withRequire(textOf(loadable)),
      sources: [
        ...Object.keys(identity.metafile.inputs)
          .filter((path) => path !== ENTRY && !path.startsWith('page-script:'))
          .map((path) => resolve(folder, path)),
        ...scripted,
        ...[...packages, ...bundled].map(({ root }) => join(root, 'package.json')),
      ],
    });
  } catch (error) {
    return err(buildProblem(error, folder, uses));
  }
}

/** Assets that tasks import: their bytes or text become part of the bundle, and so of the key; as do `?script` imports. */
const LOADERS = {
  '.wasm': 'binary',
  '.ttf': 'binary',
  '.bin': 'binary',
  '.txt': 'text',
  '.csv': 'text',
  '.css': 'text',
} as const;

/** What becomes of a file that is imported by the name of its package. */
interface Packages {
  /** What stands in the bundle for a file outside of it; `name` says it without version or place. */
  outside(name: string, file: string, owner: Package, kind: ImportKind): string;
  /** The file becomes part of the bundle. */
  inside(owner: Package): void;
}

const bundleOnce = (
  purpose: 'identity' | 'loadable',
  folder: string,
  uses: string,
  scripts: Plugin,
  packages: Packages,
) =>
  build({
    absWorkingDir: folder,
    stdin: { contents: `export { default } from ${JSON.stringify(uses)}`, resolveDir: folder },
    outfile: 'out.js',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['main'],
    conditions: [],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    loader: LOADERS,
    ...(purpose === 'identity'
      ? { minifyWhitespace: true }
      : { sourcemap: 'inline' as const, sourceRoot: `${pathToFileURL(folder).href}/` }),
    // A tsconfig.json that happens to lie above is neither in the key nor watched.
    tsconfigRaw: {},
    plugins: [scripts, packagesOutside(purpose === 'identity' ? TASK_MODULE : taskModuleUrl, packages)],
  });

/**
 * Leaves npm packages outside of the bundle, except the one that the task itself is in: a task of an
 * installed package is its own code, whatever its package's version says.
 */
const packagesOutside = (taskModule: string, { outside, inside }: Packages): Plugin => ({
  name: 'packages-outside',
  setup(bundling: PluginBuild) {
    let own: string | undefined;
    bundling.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (pluginData === 'asked' || isAbsolute(path)) return undefined;
      if (path === TASK_MODULE) return { path: taskModule, external: true };
      if (isBuiltin(path)) return { path: path.startsWith('node:') ? path : `node:${path}`, external: true };
      const found = await bundling.resolve(path, { kind, resolveDir, importer, pluginData: 'asked' });
      if (found.errors.length > 0 || found.external) return found;
      const owner = packageOf(found.path);
      if (importer === ENTRY) own = owner?.root;
      if (!owner) return found;
      if (owner.root === own || !isInstalled(found.path)) {
        inside(owner);
        return found;
      }
      return { path: outside(`npm:${owner.name}:${path}`, found.path, owner, kind), external: true };
    });
  },
});

/** CommonJS in a bundle calls `require`, which an ECMAScript module has not. No line break: the source map counts lines. */
const withRequire = (text: string): string =>
  text.includes('Dynamic require of')
    ? `import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);${text}`
    : text;

/** esbuild names an anonymous default export after its file; what the task is called on disk is no part of its code. */
function withoutFileName(text: string): string {
  const [exported, name] = /export\{(\w+_default) as default\};\s*$/.exec(text) ?? [];
  if (exported === undefined) return text;
  return text.replace(exported, 'export{task_default as default};').replace(`var ${name}=`, 'var task_default=');
}

function textOf(result: BuildResult<{ write: false }>): string {
  const [output] = result.outputFiles;
  if (!output) throw new Error('esbuild made no output');
  return output.text;
}

/** esbuild's first error with its place; anything else it throws is a bug. */
function buildProblem(error: unknown, folder: string, uses: string): string {
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
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;
}

/** That what a step `uses` cannot be found, and what is called nearly so. */
function notThere(folder: string, uses: string): string {
  if (!/^\.{0,2}\//.test(uses)) {
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
