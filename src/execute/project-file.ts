import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Finds the first word of a failed command that names a file in the pipeline's folder, such as `python sort.py`. The
 * command ran in its scratch folder, which does not have that file.
 */
export function findProjectFile(command: string, folder: string): string | undefined {
  const words = command.split(/[\s;&|<>()'"`=]+/).slice(0, 1000);
  return words.find(
    (word) =>
      /^(?:\.\/)?\w[\w./-]*$/.test(word) && /[./]/.test(word) && word.length < 200 && existsSync(join(folder, word)),
  );
}
