import { unlinkSync } from 'node:fs';

/** Removes a file that may be gone already. Node's `rmSync` looks at each first, which takes longer than to remove it. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
