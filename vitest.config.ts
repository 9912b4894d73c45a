import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { pageScript } from './src/load/page-script.ts';
import { closingLine } from './test/closing-line.ts';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** These replace modules of the engine by others, and so cannot share them with other tests. */
const REPLACING = [
  'test/store/file-memo.test.ts',
  'test/load/load-pipeline.test.ts',
  'test/slurm/run-on-slurm.test.ts',
];

/** A .wasm file is its bytes, as in the engine's bundles. */
const wasmBytes: Plugin = {
  name: 'wasm-bytes',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('.wasm')) return undefined;
    return `export default Buffer.from('${readFileSync(id, 'base64')}', 'base64');`;
  },
};

/** What tasks import as text, as in the engine's bundles: a page's script, its style, its licences. */
const pageTexts: Plugin = {
  name: 'page-texts',
  enforce: 'pre',
  resolveId: (id, importer) =>
    /\.(?:css|txt)$|\?script$/.test(id) ? `\0text:${resolve(dirname(importer ?? ''), id)}:` : undefined,
  async load(id) {
    const [, path, kind] = /^\0text:(.*?)(\?script)?:$/.exec(id) ?? [];
    if (path === undefined) return undefined;
    const text = kind ? (await pageScript(path)).text : readFileSync(path, 'utf8');
    return `export default ${JSON.stringify(text)};`;
  },
};

export default defineConfig({
  plugins: [wasmBytes, pageTexts],
  resolve: {
    alias: [
      { find: /^groundproof\/task$/, replacement: source('src/task/index.ts') },
      { find: /^groundproof$/, replacement: source('src/index.ts') },
    ],
  },
  test: {
    reporters: ['default', closingLine],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    // The end-to-end tests wait for the command most of the time, so no core is kept back.
    maxWorkers: '100%',
    // On a busy machine something that must happen may take long.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Loading modules anew for every file would cost more than most tests.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [...REPLACING, 'test/browser/**', 'test/cluster/**'],
        },
      },
      { extends: true, test: { name: 'apart', include: REPLACING } },
    ],
  },
});
