/** Adds missing sizes and MD5s to a manifest; keeps its comments and its order. */
import { parseDocument, Scalar } from 'yaml';
import { completeRow } from './complete-row.ts';
import { readManifest } from './manifest.ts';
import type { FileEntry } from './record-files.ts';

export interface FilledManifest {
  readonly text: string;
  /** Names of the files that were completed. */
  readonly files: readonly string[];
  /** Number of all files in the manifest. */
  readonly count: number;
  /** Total size of all files. */
  readonly bytes: number;
}

/** @throws DataError if the record lacks a file or contradicts the manifest. */
export function fillManifest(text: string, fileName: string, listed: ReadonlyMap<string, FileEntry>): FilledManifest {
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
