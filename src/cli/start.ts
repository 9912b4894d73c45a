#!/usr/bin/env node
/** The command's first file. An old Node cannot even load the rest, so its version is looked at before that. */
import { oldNodeText } from './node-version.ts';

const refused = oldNodeText(process.versions.node);
if (refused === undefined) await import('./main.ts');
else {
  process.stderr.write(`${refused}\n`);
  // As a wrong command line: see exit.ts, which has too many imports for this file.
  process.exitCode = 2;
}
