/**
 * igzip, the decompressor of Intel's ISA-L, where it is on the PATH: it takes little more than half of zlib's time. It
 * checks the archive's checksum and length as zlib does.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Igzip {
  /** What it makes of the archive, up to wherever it gets. */
  readonly stream: Readable;
  /** Whether it found nothing wrong; it is done when the stream ends. */
  isSound(): Promise<boolean>;
}

/**
 * A pipe holds 64 KB, and two programs take turns at it instead of working on two cores; Linux gives 1 MB to who asks
 * (F_SETPIPE_SZ), which Node cannot and Perl, that is everywhere, can. Where it is refused the pipe stays as it was.
 */
const WITH_LARGE_PIPE = 'fcntl(STDOUT, 1031, 1 << 20); exec @ARGV';
const PIECE = 1 << 20;

/** Starts it; undefined where it cannot be had: not installed, no programs may be started here, no pipe can be made. */
export async function startIgzip(path: string, signal?: AbortSignal): Promise<Igzip | undefined> {
  if (process.permission && !process.permission.has('child')) return undefined;
  const { $, which } = await import('zx/core');
  const missing = (program: string) => which.sync(program, { nothrow: true }) === null;
  if (['igzip', 'perl', 'mkfifo', 'bash'].some(missing)) return undefined;
  const pipe = openPipe();
  if (pipe === undefined) return undefined;

  const command = $({
    stdio: ['ignore', pipe.writer, 'ignore'],
    nothrow: true,
    quiet: true,
    ...(signal && { signal }),
  })`exec perl -e ${WITH_LARGE_PIPE} igzip -dc ${path}`;
  closeSync(pipe.writer);
  return {
    stream: createReadStream('', { fd: pipe.reader, highWaterMark: PIECE }),
    isSound: async () => (await command).exitCode === 0,
  };
}

/** A pipe's two ends. What Node itself makes for a program's output is a socket, which cannot be made larger. */
function openPipe(): { readonly reader: number; readonly writer: number } | undefined {
  const place = tmpdir();
  if (!isWritable(place)) return undefined;
  const folder = mkdtempSync(join(place, 'groundproof-pipe-'));
  try {
    const path = join(folder, 'pipe');
    if (spawnSync('mkfifo', [path]).status !== 0) return undefined;
    // Opening one end waits for the other one; opening both at once does not.
    const both = openSync(path, 'r+');
    const reader = openSync(path, 'r');
    const writer = openSync(path, 'w');
    closeSync(both);
    return { reader, writer };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The length of the content modulo 2^32, with which a gzip file ends (RFC 1952). */
export function lengthIn(path: string): number {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    readSync(fd, bytes, 0, 4, fstatSync(fd).size - 4);
    return bytes.readUInt32LE();
  } finally {
    closeSync(fd);
  }
}
