import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

test('the committed WebAssembly equals the compiled source', () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../../scripts/wasm.mjs', import.meta.url)), '--check']);
});
