/**
 * igzip, the decompressor of Intel's ISA-L, where it is on the PATH: it takes little more than half of zlib's time.
 * What it made counts only where the archive's own checksum and length, which end it, say so.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Igzip {
  /** What it makes of the archive, up to wherever it gets. */
  readonly stream: Readable;
  /** Whether it ended well; it has ended when the stream has. */
  ended(): Promise<boolean>;
}

/**
 * A pipe holds 64 KB, and two programs take turns at it instead of working on two cores; Linux gives 1 MB to who asks
 * (F_SETPIPE_SZ), which Node cannot and Perl, that is everywhere, can. Where it is refused the pipe stays as it was.
 */
const WITH_LARGE_PIPE = 'fcntl(STDOUT, 1031, 1 << 20); exec @ARGV';
const PIECE = 1 << 20;

/** Starts it, or says that it cannot be had: not installed, or no programs may be started here. */
export async function startIgzip(path: string, signal?: AbortSignal): Promise<Igzip | undefined> {
  if (process.permission && !process.permission.has('child')) return undefined;
  const { $, which } = await import('zx/core');
  const missing = (program: string) => which.sync(program, { nothrow: true }) === null;
  if (['igzip', 'perl', 'mkfifo', 'bash'].some(missing)) return undefined;

  const { reader, writer } = openPipe();
  const command = $({
    stdio: ['ignore', writer, 'ignore'],
    nothrow: true,
    quiet: true,
    ...(signal && { signal }),
  })`exec perl -e ${WITH_LARGE_PIPE} igzip -dc ${path}`;
  closeSync(writer);
  return {
    stream: createReadStream('', { fd: reader, highWaterMark: PIECE }),
    ended: async () => (await command).exitCode === 0,
  };
}

/** A pipe's two ends. What Node itself makes for a program's output is a socket, which cannot be made larger. */
function openPipe(): { readonly reader: number; readonly writer: number } {
  const folder = mkdtempSync(join(tmpdir(), 'groundwork-pipe-'));
  try {
    const path = join(folder, 'pipe');
    const made = spawnSync('mkfifo', [path]);
    if (made.status !== 0) throw made.error ?? new Error(`mkfifo ${path} ended with ${made.status}: ${made.stderr}`);
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

/** The CRC-32 of the content, and its length modulo 2^32, with which a gzip file of one member ends (RFC 1952). */
export function trailerOf(path: string): { readonly crc: number; readonly length: number } {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(8);
    readSync(fd, bytes, 0, 8, fstatSync(fd).size - 8);
    return { crc: bytes.readUInt32LE(0), length: bytes.readUInt32LE(4) };
  } finally {
    closeSync(fd);
  }
}
