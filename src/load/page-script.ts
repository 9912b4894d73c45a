/**
 * `import script from './page/main.ts?script'`: a program for a page that a task writes. The module is bundled
 * with all that it imports, npm packages included, and the task gets its text, which so is part of its code.
 */
import { dirname } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

export interface PageScript {
  readonly text: string;
  /** The module that was bundled. */
  readonly file: string;
  readonly metafile: Metafile;
}

/** Bundles a module into one minified script for browsers; it stands for itself, so it exports nothing. */
export async function pageScript(file: string): Promise<PageScript> {
  const folder = dirname(file);
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  return { text: outputFiles[0]?.text ?? '', file, metafile };
}

/** Turns such imports into texts, each made once for all builds that share this plugin; `made` hears of every one. */
export function pageScripts(made: (script: PageScript) => void): Plugin {
  const scripts = new Map<string, Promise<PageScript>>();
  const scriptOf = (file: string) => {
    const script = scripts.get(file) ?? pageScript(file);
    scripts.set(file, script);
    return script;
  };
  return {
    name: 'page-scripts',
    setup(bundling) {
      bundling.onResolve({ filter: /\?script$/ }, async ({ path, kind, importer, resolveDir }) => {
        const found = await bundling.resolve(path.replace('?script', ''), { kind, importer, resolveDir });
        return found.errors.length > 0 ? found : { path: found.path, namespace: 'page-script' };
      });
      bundling.onLoad({ filter: /.*/, namespace: 'page-script' }, async ({ path }) => {
        const script = await scriptOf(path);
        made(script);
        return { contents: script.text, loader: 'text' };
      });
    },
  };
}
