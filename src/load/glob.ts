/** Lists the files of imports like import(`./lib/${name}.ts`): all are bundled, so a new file changes the code. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf } from '../files/digest.ts';

export interface Glob {
  /** Folder of the importing file. */
  readonly from: string;
  /** As esbuild writes it: `./lib/*.ts`; `**` stands for folders too. */
  readonly pattern: string;
}

interface GlobListing {
  readonly files: readonly string[];
  /** Every folder that was listed. */
  readonly folders: readonly string[];
  /** Of the files' names. */
  readonly digest: Digest;
}

/** Lists as esbuild does (ResolveGlob in its resolver.go): does not follow links to folders. */
export function listGlob({ from, pattern }: Glob): GlobListing {
  const [fixed = ''] = pattern.split('*');
  const prefix = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  const matches = regExpOf(pattern);
  const isDeep = pattern.includes('**');
  const files: string[] = [];
  const folders: string[] = [];
  const visit = (folder: string, relative: string) => {
    folders.push(folder);
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory()) {
        if (isDeep) visit(join(folder, entry.name), `${relative}${entry.name}/`);
      } else if (matches.test(relative + entry.name) && isFile(folder, entry)) files.push(join(folder, entry.name));
    }
  };
  visit(join(from, prefix), prefix);
  files.sort();
  return { files, folders, digest: digestOf(JSON.stringify(files)) };
}

function regExpOf(pattern: string): RegExp {
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
    return []; // A folder that is missing, or may not be read, has no matching file.
  }
}

const isFile = (folder: string, entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() && (statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile() ?? false));
