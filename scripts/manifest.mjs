/** Fills in size and MD5 of every file in data/zenodo.yaml, or in the manifest given as argument, by Zenodo's API. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles and loads modules of the tasks, because Node does not load TypeScript. */
async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'groundproof-manifest-'));
  try {
    await build({
      stdin: {
        contents: `
          export { openClient } from './tasks/lib/download/client.ts';
          export { fillManifest } from './tasks/lib/download/fill-manifest.ts';
          export { readManifest } from './tasks/lib/download/manifest.ts';
          export { fetchRecordFiles } from './tasks/lib/download/record-files.ts';
          export { pause } from './tasks/lib/download/retry.ts';
          export { sizeText } from './tasks/lib/download/check-space.ts';
          export { proxiesIn } from './src/remote/proxies.ts';`,
        resolveDir: root,
      },
      outfile: join(folder, 'manifest.cjs'),
      bundle: true,
      format: 'cjs',
      platform: 'node',
      alias: { 'groundproof/task': join(root, 'src/task/data-error.ts') },
      logLevel: 'warning',
    });
    return await import(pathToFileURL(join(folder, 'manifest.cjs')).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const path = process.argv[2] ?? join(root, 'data', 'zenodo.yaml');
const { fetchRecordFiles, fillManifest, openClient, pause, proxiesIn, readManifest, sizeText } = await load();
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
const client = openClient(proxiesIn(process.env));
try {
  const text = readFileSync(path, 'utf8');
  const context = { client, pause, log: (message) => console.error(message), signal: interrupt.signal };
  const listed = await fetchRecordFiles(readManifest(text, basename(path)), context);
  const filled = fillManifest(text, basename(path), listed);
  if (filled.files.length > 0) writeFileSync(path, filled.text);
  for (const file of filled.files) console.log(`filled in ${file}`);
  console.log(`${basename(path)} is complete: ${filled.count} files, ${sizeText(filled.bytes)} to download`);
} catch (error) {
  if (error.name !== 'DataError' && !interrupt.signal.aborted) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await client.close();
}
