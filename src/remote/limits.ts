/** Time limits for a remote cache. Tests shorten them. */
export interface Limits {
  readonly connectMs: number;
  /** A connection that is silent for longer counts as broken. */
  readonly idleMs: number;
  /** The time for a request, to which the time for its bytes at the least speed is added. */
  readonly allowanceMs: number;
  /** The least speed of a request; eight downloads or four uploads may share the network. */
  readonly leastBytesPerSecond: number;
  /** The longest that a run waits for a cache that gives nothing in return. */
  readonly patienceMs: number;
  /** The wait for uploads at the end of a run, to which their time at a common speed is added. */
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

/** The time of a transfer at a speed that anybody would call slow. */
export const slowTransferMs = (bytes: number, files: number): number =>
  (1000 * bytes) / COMMON_BYTES_PER_SECOND + COMMON_MS_PER_FILE * files;
