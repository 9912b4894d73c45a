/** Bundles bench/NAME.ts and runs it: node scripts/bench.mjs NAME [arguments] */
import { runBundled } from './bundled.mjs';

const [name, ...rest] = process.argv.slice(2);
process.exitCode = await runBundled(`bench/${name}.ts`, rest);
