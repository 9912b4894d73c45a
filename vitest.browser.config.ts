/** Tests in a real browser (Chromium, $CHROME or /usr/bin/chromium): apart, for not every machine has one. */

import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    setupFiles: ['test/setup.ts'],
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
