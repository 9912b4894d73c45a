/** Lists the entries below a folder. Never follows a link, and opens only folders. */
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemPath, textOfName } from './file-names.ts';

/** Paths relative to the folder, `/`-separated, in code-unit order. */
export interface Below {
  readonly files: readonly string[];
  readonly emptyFolders: readonly string[];
  readonly links: readonly string[];
  /** Pipes, sockets and devices. */
  readonly others: readonly string[];
}

/** The character that Node puts for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** `onFolder` is called with every folder, itself included, before its names are read. */
export function below(folder: string, onFolder: (path: string) => void = () => {}): Below {
  const found = { files: [] as string[], emptyFolders: [] as string[], links: [] as string[], others: [] as string[] };
  const listFor = (entry: Entry) => {
    if (entry.isFile()) return found.files;
    return entry.isSymbolicLink() ? found.links : found.others;
  };
  const visit = (relative: string) => {
    const path = join(folder, relative);
    onFolder(path);
    const entries = entriesIn(path);
    if (entries.length === 0 && relative !== '') found.emptyFolders.push(relative);
    for (const { name, entry } of entries) {
      const inner = relative === '' ? name : `${relative}/${name}`;
      if (entry.isDirectory()) visit(inner);
      else listFor(entry).push(inner);
    }
  };
  visit('');
  for (const list of Object.values(found)) list.sort();
  return found;
}

type Entry = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

/** Names as text first, which is cheaper; as bytes where that has lost some. */
function entriesIn(folder: string): readonly { readonly name: string; readonly entry: Entry }[] {
  const path = systemPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes(REPLACEMENT)))
    return entries.map((entry) => ({ name: entry.name, entry }));
  const exact = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  return exact.map((entry) => ({ name: textOfName(entry.name), entry }));
}
