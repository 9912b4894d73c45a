/** Fills in what a manifest does not say, and leaves its comments and its order as they are. */
import { parseDocument, Scalar } from 'yaml';
import { completeRow } from './complete-row.ts';
import { readManifest } from './manifest.ts';
import type { Listed } from './record-files.ts';

export interface Filled {
  readonly text: string;
  /** Files that were completed. */
  readonly files: readonly string[];
  /** Of all files of the manifest, and their size together. */
  readonly count: number;
  readonly bytes: number;
}

/** @throws DataError when the record lacks a file, or says something else than the manifest does already. */
export function fillManifest(text: string, fileName: string, listed: ReadonlyMap<string, Listed>): Filled {
  const document = parseDocument(text);
  const { files } = readManifest(text, fileName);
  const completed: string[] = [];
  let all = 0;
  for (const [name, row] of files) {
    const { bytes, md5 } = completeRow(name, row, listed, fileName);
    all += bytes;
    if (row.bytes !== null && row.md5 !== null) continue;
    const quoted = new Scalar(md5);
    quoted.type = 'QUOTE_DOUBLE';
    document.setIn(['files', name], document.createNode({ bytes, md5: quoted }, { flow: true }));
    completed.push(name);
  }
  const filled = completed.length > 0 ? document.toString({ lineWidth: 0 }) : text;
  return { text: filled, files: completed, count: files.size, bytes: all };
}
