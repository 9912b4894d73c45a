/**
 * Reads, and once more where NFS says that the file is gone under the reader (ESTALE): another machine replaced it
 * meanwhile, and the name leads to what it put there.
 */
export function againIfStale<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESTALE') throw error;
    return read();
  }
}
