import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** These replace modules of the engine by others, and so cannot share them with other tests. */
const REPLACING = ['test/cache/file-memo.test.ts', 'test/load/load-pipeline.test.ts'];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^groundwork\/task$/, replacement: source('src/task/index.ts') },
      { find: /^groundwork$/, replacement: source('src/index.ts') },
    ],
  },
  test: {
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    // The end-to-end tests wait for the command most of the time, so no core is kept back.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Loading modules anew for every file would cost more than most tests.
    projects: [
      {
        extends: true,
        test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: REPLACING },
      },
      { extends: true, test: { name: 'apart', include: REPLACING } },
    ],
  },
});
