/** Writes the hostile archives of docs/hostile-inputs.md into a folder: node scripts/hostile.mjs FOLDER */
import { resolve } from 'node:path';
import { runBundled } from './bundled.mjs';

process.exitCode = await runBundled('test/hostile/make.ts', [resolve(process.argv[2] ?? 'hostile')]);
