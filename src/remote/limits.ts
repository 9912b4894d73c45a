/** How long a remote cache is waited for. Tests shorten these. */
export interface Limits {
  readonly connectMs: number;
  /** Silence for so long is the end of a connection. */
  readonly idleMs: number;
  /** A request has so long, and beyond that the time that its bytes take at the least speed. */
  readonly allowanceMs: number;
  /** Of one request; eight downloads or four uploads share a connection to the network. */
  readonly leastBytesPerSecond: number;
  /** A run waits so long for a cache that gives nothing in return. */
  readonly patienceMs: number;
  /** At its end a run waits so long for uploads, and beyond that the time that they take at a common speed. */
  readonly lastUploadsMs: number;
}

export const LIMITS: Limits = {
  connectMs: 5_000,
  idleMs: 30_000,
  allowanceMs: 15_000,
  leastBytesPerSecond: 16_000,
  patienceMs: 30_000,
  lastUploadsMs: 60_000,
};

const COMMON_BYTES_PER_SECOND = 256_000;
const COMMON_MS_PER_FILE = 250;

/** How long a transfer takes at a speed that anybody would call slow. */
export const slowTransferMs = (bytes: number, files: number): number =>
  (1000 * bytes) / COMMON_BYTES_PER_SECOND + COMMON_MS_PER_FILE * files;
