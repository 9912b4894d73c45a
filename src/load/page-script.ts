/**
 * Bundles `import script from './page/main.ts?script'`, a program for a page that a task writes. The module is bundled
 * with all its imports, npm packages included. The task gets its text, which is therefore part of the task's code.
 */
import { dirname } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

export interface PageScript {
  readonly text: string;
  /** The bundled module. */
  readonly file: string;
  readonly metafile: Metafile;
}

/** Bundles a module into a single minified script for browsers, without exports. */
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

/** Turns such imports into texts; builds that share this plugin bundle each script once. Calls `onScript` for each. */
export function pageScripts(onScript: (script: PageScript) => void): Plugin {
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
        onScript(script);
        return { contents: script.text, loader: 'text' };
      });
    },
  };
}
