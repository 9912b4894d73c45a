import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The first word of a failed command that names a file of the pipeline's folder. The command ran in a folder of its own,
 * where no such file is: `python sort.py`.
 */
export function inProject(command: string, folder: string): string | undefined {
  const words = command.split(/[\s;&|<>()'"`=]+/).slice(0, 1000);
  return words.find(
    (word) =>
      /^(?:\.\/)?\w[\w./-]*$/.test(word) && /[./]/.test(word) && word.length < 200 && existsSync(join(folder, word)),
  );
}
