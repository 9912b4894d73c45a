/** Functions of `node:fs` that change the file system, or wait until a change is on disk. */
export const CHANGES = [
  ...['openSync', 'writeSync', 'fsyncSync', 'fsync', 'closeSync', 'renameSync', 'linkSync', 'symlinkSync', 'mkdirSync'],
  ...['chmodSync', 'copyFileSync', 'rm', 'rmSync', 'rmdirSync', 'writeFileSync', 'unlink', 'unlinkSync'],
];

/**
 * The text of a module for `node --import`: the process kills itself with SIGKILL at its n-th change of the file system,
 * before it or in the middle of it. The disk is the same at all instants between two changes, so these instants cover
 * all others; unlike a timer, they can be repeated.
 */
export const KILL_AT = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

// Worker threads import this too, and count separately.
let left = Number(new URL(import.meta.url).searchParams.get('n'));
const { openSync, closeSync, readdirSync, statSync, writeSync, unlinkSync } = fs;

/** The remains of a call that is killed in the middle. */
const halves = {
  writeSync: (fd, bytes, at = 0) => void writeSync(fd, Buffer.from(bytes).subarray(at, at + ((bytes.length - at) >> 1))),
  writeFileSync: (path, text) => {
    const fd = openSync(path, 'w');
    writeSync(fd, Buffer.from(text).subarray(0, text.length >> 1));
    closeSync(fd);
  },
  copyFileSync: (from, to) => closeSync(openSync(to, 'w')),
  rmSync: (path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const [first] = readdirSync(path, { withFileTypes: true });
    if (first && !first.isDirectory()) unlinkSync(join(path, first.name));
  },
};

for (const name of ${JSON.stringify(CHANGES)}) {
  const real = fs[name];
  fs[name] = (...words) => {
    if (left-- === 0) {
      halves[name]?.(...words);
      process.kill(process.pid, 'SIGKILL');
    }
    return real(...words);
  };
}
syncBuiltinESMExports();
`;
