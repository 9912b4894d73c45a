import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectCode } from '../../src/execute/inspect-code.ts';
import { digestOf } from '../../src/files/digest.ts';
import { temporaryFolder } from '../store/temporary.ts';

const about = (text: string) => {
  const path = join(temporaryFolder(), 'code.mjs');
  writeFileSync(path, text);
  return inspectCode({ path, digest: digestOf(Buffer.from(text)) });
};

test.each([
  ['copies', "import { copyFileSync } from 'node:fs'; copyFileSync('a', 'b');", false, false],
  ['imports a module that starts programs', "import { spawn } from 'node:child_process';", true, false],
  ['imports threads', "import { Worker } from 'node:worker_threads';", true, false],
  ['imports by a name made while it runs', "await import('node:child' + '_process');", true, true],
  [
    'creates its own require',
    "import { createRequire as of } from 'node:module'; of('/')('child' + '_process');",
    true,
    true,
  ],
  ['requires', "require('fs');", true, true],
  [
    'requires by the full name, at its top',
    'var fs = require("node:fs"), task = require("file:///task.js");',
    false,
    false,
  ],
  ['asks the process for a module', "process.getBuiltinModule('node:' + name);", true, true],
  ['unrefs a timer', 'setInterval(() => {}, 1).unref();', false, true],
])('inspectCode judges code that %s', (_what, text, mayStartPrograms, mayLeaveTraces) => {
  expect(about(text)).toMatchObject({ mayStartPrograms, mayLeaveTraces });
});
