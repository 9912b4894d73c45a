/** Compiles tasks/lib/assembly/*.ts (AssemblyScript) to the .wasm beside each. `--check` only compares. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('../tasks/lib/assembly/', import.meta.url));

/** The module's bytes. No runtime: the code has no objects and takes its memory from outside. */
async function compile(source) {
  let bytes;
  const options = '--outFile out.wasm -O3 --runtime stub --noAssert --importMemory --enable simd'.split(' ');
  const { error, stderr } = await asc.main([source, ...options], {
    readFile: (name) => (name === source ? readFileSync(join(folder, name), 'utf8') : null),
    writeFile: (_name, content) => {
      bytes = content;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${source} does not compile: ${stderr}`);
  return bytes;
}

const stale = [];
for (const source of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
  const path = join(folder, source.replace(/ts$/, 'wasm'));
  const bytes = await compile(source);
  let current = Buffer.alloc(0);
  try {
    current = readFileSync(path);
  } catch {
    // not written yet
  }
  if (current.equals(bytes)) continue;
  if (process.argv.includes('--check')) stale.push(path);
  else writeFileSync(path, bytes);
}
if (stale.length > 0) {
  console.error(`these files differ from their sources; run npm run wasm:\n${stale.join('\n')}`);
  process.exitCode = 1;
}
