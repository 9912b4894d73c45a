/**
 * Bundles a task's code twice by esbuild: once to identify it (normalised, so that comments, formatting and
 * types do not count) and once to load it (with a source map, so that an error names the author's line).
 */
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, type BuildResult, build, type ImportKind, type Plugin, type PluginBuild } from 'esbuild';
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
  /** name@version of every npm package that the code imports, directly or not, sorted. */
  readonly packages: readonly string[];
  /** An ECMAScript module for this machine, or a function's body; it imports packages by file URL. */
  readonly loadable: string;
  /** Absolute paths of all bundled files, and of every package.json that decided something. */
  readonly sources: readonly string[];
  /** How the files were found; undefined if something changed meanwhile, so that the trail proves nothing. */
  readonly trail: Trail | undefined;
}

/** External to every bundle: the engine's own module, present even if the task's project has not installed it. */
const TASK_MODULE = 'groundproof/task';
/** Namespace of the task module if code requires it: then it is a module of its own in the bundle. */
const REQUIRED = 'required';
const taskModuleUrl = new URL('./task.js', import.meta.url).href;

/** esbuild may read two contents of a file that is saved meanwhile: then everything is bundled once more. */
const MOST_ATTEMPTS = 5;

/** Bundles the module that a step `uses`; the error is a sentence for the pipeline's author. */
export async function bundleTask(folder: string, uses: string): Promise<Result<Bundle, string>> {
  try {
    let last: Bundle | undefined;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const began = BigInt(Date.now()) * 1_000_000n;
      const bundle = await bundleOnce(folder, uses, began);
      const isSame = last?.digest === bundle.digest && last.loadable === bundle.loadable;
      if (isSame || !bundle.sources.some((source) => isRacy(source, began))) return ok(bundle);
      last = bundle;
    }
    return err('its files change while they are read; run again when they have been saved');
  } catch (error) {
    return err(buildProblem(error, folder, uses));
  }
}

async function bundleOnce(folder: string, uses: string, began: bigint): Promise<Bundle> {
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
  const entry = { folder, uses, scripts };
  const loading = runEsbuild('loadable', entry, {
    external: ({ file, kind }) => (kind.startsWith('require') ? file : pathToFileURL(file).href),
    bundled: (owner) => void bundled.add(owner),
    imported: (imported) => void imports.push(imported),
  });
  const [loadable, identity] = await Promise.all([loading, identify(entry)]);
  for (const imported of imports) follow(tracker, imported);
  followTask(tracker, loadable.metafile, folder);
  const closure = closureOf(identity.direct, tracker);
  const text = textOf(loadable);
  return {
    digest: digestOf(withoutFileName(textOf(identity.result))),
    packages: versionsOf(closure, identity.direct),
    // A function's `require` may not find packages, so code that imports packages stays a module.
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

/** Makes the normalised code, and finds the packages that it imports directly. */
async function identify(entry: Entry) {
  const build = async (nameOf: (name: string, owner: Package) => string) => {
    const owners = new Map<string, Map<string, Package>>();
    const result = await runEsbuild('identity', entry, {
      external({ name, owner }) {
        const externalName = nameOf(name, owner);
        owners.set(externalName, (owners.get(externalName) ?? new Map<string, Package>()).set(owner.root, owner));
        return externalName;
      },
      bundled: () => {},
      imported: () => {},
    });
    const imports = result.metafile.outputs['out.js']?.imports ?? [];
    return { result, direct: imports.flatMap(({ path }) => [...(owners.get(path)?.values() ?? [])]) };
  };
  const plain = await build((name) => name);
  // Two files may get two versions of the same package, or two aliases may stand for two versions: then add the version
  // to the names, so that the digest depends on which import gets which version.
  const names = new Set(plain.direct.map(({ name }) => name));
  const isClear = names.size === new Set(plain.direct.map(versionOf)).size;
  return isClear ? plain : build((name, { version }) => `${name}@${version}`);
}

/** Assets that tasks import: like `?script` imports, their content becomes part of the bundle, and so of the key. */
const LOADERS = {
  '.wasm': 'binary',
  '.ttf': 'binary',
  '.bin': 'binary',
  '.txt': 'text',
  '.csv': 'text',
  '.css': 'text',
} as const;

/** How files are found. */
export const RESOLUTION: Pick<BuildOptions, 'platform' | 'mainFields' | 'conditions'> = {
  platform: 'node',
  mainFields: ['main'],
  conditions: [],
};

/** The task to bundle. */
interface Entry {
  readonly folder: string;
  readonly uses: string;
  readonly scripts: Plugin;
}

interface ExternalImport {
  /** Names the file without version and place: `npm:package:import`. */
  readonly name: string;
  readonly file: string;
  readonly owner: Package;
  readonly kind: ImportKind;
}

/** Handles imports by the name of a package. */
interface PackageImports {
  /** Returns the name by which the bundle imports a file that is not bundled. */
  external(imported: ExternalImport): string;
  /** Called for each package with a file that becomes part of the bundle. */
  bundled(owner: Package): void;
  /** Called for every import by the name of a package. */
  imported(imported: Import): void;
}

const runEsbuild = (
  purpose: 'identity' | 'loadable',
  { folder, uses, scripts }: Entry,
  packageImports: PackageImports,
) =>
  build({
    absWorkingDir: folder,
    stdin: { contents: `export { default } from ${JSON.stringify(uses)}`, resolveDir: folder },
    outfile: 'out.js',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    ...RESOLUTION,
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    loader: LOADERS,
    ...(purpose === 'identity'
      ? { minifyWhitespace: true }
      : { sourcemap: 'inline' as const, sourceRoot: `${pathToFileURL(folder).href}/` }),
    // Ignore any tsconfig.json in a folder above: it is neither in the key nor watched.
    tsconfigRaw: {},
    plugins: [scripts, packagesOutside(purpose === 'identity' ? TASK_MODULE : taskModuleUrl, packageImports)],
  });

/**
 * Leaves npm packages out of the bundle, except the package that contains the task itself: a task of an
 * installed package is identified by its own code, not by the version of its package.
 */
const packagesOutside = (taskModule: string, { external, bundled, imported }: PackageImports): Plugin => ({
  name: 'packages-outside',
  setup(bundling: PluginBuild) {
    let taskPackage: string | undefined;
    bundling.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (pluginData === 'resolving' || isAbsolute(path)) return undefined;
      if (path === TASK_MODULE) {
        return kind.startsWith('require') ? { path, namespace: REQUIRED } : { path: taskModule, external: true };
      }
      if (isBuiltin(path)) return { path: path.startsWith('node:') ? path : `node:${path}`, external: true };
      const found = await bundling.resolve(path, { kind, resolveDir, importer, pluginData: 'resolving' });
      const isFound = found.errors.length === 0 && !found.external && found.namespace === 'file';
      imported({ from: resolveDir, name: path, found: isFound ? found.path : undefined });
      // Let esbuild report this itself: it names the place, and is silent if the code handles a missing package.
      if (found.errors.length > 0) return undefined;
      if (!isFound) return found;
      const owner = packageOf(found.path);
      if (importer === ENTRY) taskPackage = owner?.root;
      if (!owner) return found;
      if (owner.root === taskPackage || !isInstalled(found.path)) {
        bundled(owner);
        return found;
      }
      const name = `npm:${owner.name}:${path}`;
      return { path: external({ name, file: found.path, owner, kind }), external: true };
    });
    // Not every Node can require an ECMAScript module, so esbuild imports it first and passes its exports.
    bundling.onLoad({ filter: /.*/, namespace: REQUIRED }, () => ({ contents: `export * from '${TASK_MODULE}';` }));
  },
});

/** Adds `require` for CommonJS in the bundle, which modules lack. No line break, for the source map counts lines. */
const withRequire = (text: string): string =>
  text.includes('Dynamic require of')
    ? `import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);${text}`
    : text;

/** esbuild names an anonymous default export after its file, but the file's name must not count as code. */
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
