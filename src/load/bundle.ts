/**
 * A task's code, read twice by esbuild: once for what it is (normalised, so that comments, formatting and
 * types do not count) and once to be loaded (with a source map, so that an error names the author's line).
 */
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildResult, build, type ImportKind, type Plugin, type PluginBuild } from 'esbuild';
import { err, ok, type Result } from '../base/result.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { isRacy } from '../files/signature.ts';
import { asFunction } from './as-function.ts';
import { buildProblem, ENTRY } from './bundle-problem.ts';
import { follow, type Import } from './follow.ts';
import { filesOf, followScript, followTask } from './follow-bundle.ts';
import { closureOf, isInstalled, type Package, packageOf, versionOf, versionsOf } from './packages.ts';
import { pageScripts } from './page-script.ts';
import { openTracker, type Trail } from './trail.ts';

export interface Bundle {
  /** Of the normalised code. */
  readonly digest: Digest;
  /** name@version of every npm package that it reaches, sorted. */
  readonly packages: readonly string[];
  /** An ECMAScript module for this machine, or a function's body: what it imports stands in it by file URL. */
  readonly loadable: string;
  /** Absolute paths of all files that it was made from, every package.json that decided something included. */
  readonly sources: readonly string[];
  /** How they were found; undefined if it may not be rested on, because something changed meanwhile. */
  readonly trail: Trail | undefined;
}

/** External to every bundle: the engine's own, present whatever the task's project has installed. */
const TASK_MODULE = 'groundproof/task';
/** Where it is required: a module of its own in the bundle. */
const REQUIRED = 'required';
const taskModuleUrl = new URL('./task.js', import.meta.url).href;

/** A file that is saved while it is bundled may be read twice with two contents: then all is bundled once more. */
const MOST_ATTEMPTS = 5;

/** Bundles the module that a step `uses`; the error is a sentence for the pipeline's author. */
export async function bundleTask(folder: string, uses: string): Promise<Result<Bundle, string>> {
  try {
    let last: Bundle | undefined;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const began = BigInt(Date.now()) * 1_000_000n;
      const bundle = await bundleNow(folder, uses, began);
      const isSame = last?.digest === bundle.digest && last.loadable === bundle.loadable;
      if (isSame || !bundle.sources.some((source) => isRacy(source, began))) return ok(bundle);
      last = bundle;
    }
    return err('its files change while they are read; run again when they have been saved');
  } catch (error) {
    return err(buildProblem(error, folder, uses));
  }
}

async function bundleNow(folder: string, uses: string, began: bigint): Promise<Bundle> {
  const tracker = openTracker(began);
  const bundled = new Set<Package>();
  const scripted = new Set<string>();
  const scripts = pageScripts(({ file, metafile }) => {
    followScript(tracker, metafile, file);
    for (const source of filesOf(metafile, dirname(file))) {
      const owner = isInstalled(source) ? packageOf(source) : undefined;
      if (owner) bundled.add(owner);
      else scripted.add(source);
    }
  });
  const imports: Import[] = [];
  const loading = bundleOnce('loadable', folder, uses, scripts, {
    outside: (_name, file, _owner, kind) => (kind.startsWith('require') ? file : pathToFileURL(file).href),
    inside: (owner) => void bundled.add(owner),
    asked: (one) => void imports.push(one),
  });
  const [loadable, identity] = await Promise.all([loading, identify(folder, uses, scripts)]);
  for (const one of imports) follow(tracker, one);
  followTask(tracker, loadable.metafile, folder);
  const closure = closureOf(identity.direct, tracker);
  const text = textOf(loadable);
  return {
    digest: digestOf(withoutFileName(textOf(identity.result))),
    packages: versionsOf(closure, identity.direct),
    // `require` may not find what is imported from outside.
    loadable: withRequire(imports.length > 0 ? text : await asFunction(text)),
    sources: [
      ...new Set([
        ...filesOf(loadable.metafile, folder),
        ...scripted,
        ...[...closure.packages, ...bundled].map(({ root }) => join(root, 'package.json')),
        ...tracker.manifests,
      ]),
    ],
    trail: tracker.trail(),
  };
}

/** The code as it counts, and the packages that are imported by it. */
async function identify(folder: string, uses: string, scripts: Plugin) {
  const build = async (nameOf: (name: string, owner: Package) => string) => {
    const reached = new Map<string, Map<string, Package>>();
    const result = await bundleOnce('identity', folder, uses, scripts, {
      outside(name, _file, owner) {
        const named = nameOf(name, owner);
        reached.set(named, (reached.get(named) ?? new Map<string, Package>()).set(owner.root, owner));
        return named;
      },
      inside: () => {},
      asked: () => {},
    });
    const kept = result.metafile.outputs['out.js']?.imports ?? [];
    return { result, direct: kept.flatMap(({ path }) => [...(reached.get(path)?.values() ?? [])]) };
  };
  const plain = await build((name) => name);
  // Two files may import one name and get two versions, or two names may be aliases of them: it counts which gets which.
  const names = new Set(plain.direct.map(({ name }) => name));
  const isClear = names.size === new Set(plain.direct.map(versionOf)).size;
  return isClear ? plain : build((name, { version }) => `${name}@${version}`);
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
  /** Hears of every import by a package's name. */
  asked(one: Import): void;
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
const packagesOutside = (taskModule: string, { outside, inside, asked }: Packages): Plugin => ({
  name: 'packages-outside',
  setup(bundling: PluginBuild) {
    let own: string | undefined;
    bundling.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (pluginData === 'asked' || isAbsolute(path)) return undefined;
      if (path === TASK_MODULE) {
        return kind.startsWith('require') ? { path, namespace: REQUIRED } : { path: taskModule, external: true };
      }
      if (isBuiltin(path)) return { path: path.startsWith('node:') ? path : `node:${path}`, external: true };
      const found = await bundling.resolve(path, { kind, resolveDir, importer, pluginData: 'asked' });
      const isFound = found.errors.length === 0 && !found.external && found.namespace === 'file';
      asked({ from: resolveDir, name: path, found: isFound ? found.path : undefined });
      // Of what it does not find esbuild itself says where, or lets it be where the code is ready for that.
      if (found.errors.length > 0) return undefined;
      if (!isFound) return found;
      const owner = packageOf(found.path);
      if (importer === ENTRY) own = owner?.root;
      if (!owner) return found;
      if (owner.root === own || !isInstalled(found.path)) {
        inside(owner);
        return found;
      }
      return { path: outside(`npm:${owner.name}:${path}`, found.path, owner, kind), external: true };
    });
    // An ECMAScript module cannot be required on every Node; esbuild imports it first and hands over what it exports.
    bundling.onLoad({ filter: /.*/, namespace: REQUIRED }, () => ({ contents: `export * from '${TASK_MODULE}';` }));
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
