/**
 * The text of a module for `node --import`: at its n-th change of the file system, or at its end, the machine loses power.
 * The process is killed, and only flushed (fsync) data of its store and `out/` is left:
 * - `bytes`: every name is there, and a file has the bytes of its last flush, or is empty if it was never flushed;
 * - `names`: a folder also has only the names of its last flush.
 * A real disk keeps something in between. Files from before the process count as flushed.
 */
import { CHANGES } from './kill-at.ts';

export const POWER_LOSS = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const asked = new URL(import.meta.url).searchParams;
let left = Number(asked.get('n'));
const isStrict = asked.get('mode') === 'names';
const real = { ...fs };
const here = process.cwd();
const roots = asked.get('roots').split(',').map((name) => join(here, name));
const shadow = join(here, 'flushed');

/** By inode, as of the last flush: the names in a folder, and the content of a file. */
const folders = new Map();
const files = new Map();

/** The number of an inode is reused for another file: the time of its birth tells them apart. */
const numberOf = ({ ino, birthtimeNs }) => ino + '-' + birthtimeNs;
const stateOf = (found) => found.size + ' ' + found.mtimeNs;
const look = (path) => real.lstatSync(path, { bigint: true, throwIfNoEntry: false });

function keep(path, found) {
  const copy = join(shadow, numberOf(found));
  if (!look(copy)) real.linkSync(path, copy);
}
function flushFile(path, found) {
  files.set(numberOf(found), { state: stateOf(found), size: Number(found.size) });
  keep(path, found);
}
function flushFolder(path, found) {
  const names = new Map();
  for (const name of real.readdirSync(path)) {
    const below = look(join(path, name));
    if (!below) continue;
    names.set(name, { ino: numberOf(below), isFolder: below.isDirectory() });
    if (below.isFile()) keep(join(path, name), below);
  }
  folders.set(numberOf(found), names);
}
function flushAll(path) {
  const found = look(path);
  if (found?.isFile()) flushFile(path, found);
  if (!found?.isDirectory()) return;
  flushFolder(path, found);
  for (const name of real.readdirSync(path)) flushAll(join(path, name));
}
function flushed(fd) {
  const path = real.readlinkSync('/proc/self/fd/' + fd);
  const found = look(path);
  if (!roots.some((root) => path === here || path === root || path.startsWith(root + '/'))) return;
  if (found?.isDirectory()) flushFolder(path, found);
  else if (found?.isFile()) flushFile(path, found);
}

/** Cuts a file to its flushed bytes. */
function cut(path, found) {
  const known = files.get(numberOf(found));
  if (known?.state === stateOf(found)) return;
  const bytes = real.readFileSync(path).subarray(0, known?.size ?? 0);
  real.rmSync(path);
  real.writeFileSync(path, bytes);
}
function cutAll(path) {
  const found = look(path);
  if (found?.isFile()) cut(path, found);
  if (found?.isDirectory()) for (const name of real.readdirSync(path)) cutAll(join(path, name));
}

function makeAgain(ino, to) {
  real.mkdirSync(to);
  for (const [name, one] of folders.get(ino) ?? []) {
    const path = join(to, name);
    if (one.isFolder) makeAgain(one.ino, path);
    else if (look(join(shadow, one.ino))) {
      real.linkSync(join(shadow, one.ino), path);
      cut(path, look(path));
    }
  }
}

function losePower() {
  for (const root of roots) {
    if (!isStrict) cutAll(root);
    else {
      const name = root.slice(here.length + 1);
      const known = folders.get(numberOf(look(here)))?.get(name);
      if (known) makeAgain(known.ino, root + '.left');
      real.rmSync(root, { recursive: true, force: true });
      if (known) real.renameSync(root + '.left', root);
    }
  }
  process.kill(process.pid, 'SIGKILL');
}

if (isMainThread) {
  real.rmSync(shadow, { recursive: true, force: true });
  real.mkdirSync(shadow);
  flushFolder(here, look(here));
  for (const root of roots) flushAll(root);
  process.on('exit', () => {
    if (left >= 0) losePower();
  });
  for (const name of ${JSON.stringify(CHANGES)}) {
    fs[name] = (...words) => {
      if (left-- === 0) losePower();
      return real[name](...words);
    };
  }
  const { fsyncSync, fsync } = fs;
  fs.fsyncSync = (fd) => {
    fsyncSync(fd);
    flushed(fd);
  };
  fs.fsync = (fd, done) => {
    fsync(fd, (error) => {
      if (!error) flushed(fd);
      done(error);
    });
  };
  syncBuiltinESMExports();
}
`;
