#!/usr/bin/env node
// Committed, not built, so that it is there whenever npm links it: a checkout that `npx` sees before
// `npm ci` has built dist/ gets an answer, and works as soon as it has.
import { existsSync } from 'node:fs';

const command = new URL('../dist/cli.js', import.meta.url);
if (existsSync(command)) {
  await import(command.href);
} else {
  process.stderr.write('groundwork is not built yet; run npm ci in its folder first\n');
  process.exitCode = 2;
}
