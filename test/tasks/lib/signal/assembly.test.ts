import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

test('the committed WebAssembly is what its source gives', () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../../scripts/wasm.mjs', import.meta.url)), '--check']);
});
