/** Imports like import(`./lib/${name}.ts`): every file that fits is bundled, so a new file changes the code. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf } from '../files/digest.ts';

export interface Glob {
  /** Folder of the importing file. */
  readonly from: string;
  /** As esbuild writes it: `./lib/*.ts`; `**` stands for folders too. */
  readonly pattern: string;
}

interface Listed {
  readonly files: readonly string[];
  /** Every folder that was listed. */
  readonly folders: readonly string[];
  /** Of the files' names. */
  readonly digest: Digest;
}

/** As esbuild does it (ResolveGlob in its resolver.go): links to folders are not followed. */
export function listGlob({ from, pattern }: Glob): Listed {
  const [fixed = ''] = pattern.split('*');
  const prefix = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  const fits = patternOf(pattern);
  const isDeep = pattern.includes('**');
  const files: string[] = [];
  const folders: string[] = [];
  const visit = (folder: string, shown: string) => {
    folders.push(folder);
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory()) {
        if (isDeep) visit(join(folder, entry.name), `${shown}${entry.name}/`);
      } else if (fits.test(shown + entry.name) && isFile(folder, entry)) files.push(join(folder, entry.name));
    }
  };
  visit(join(from, prefix), prefix);
  files.sort();
  return { files, folders, digest: digestOf(JSON.stringify(files)) };
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/?|\*)/).map((part) => {
    if (part === '*') return '[^/]*';
    return part.startsWith('**') ? '(?:[^/]*(?:/|$))*' : part.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // A folder that is not there, or may not be read, has nothing that fits.
  }
}

const isFile = (folder: string, entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() && (statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile() ?? false));
