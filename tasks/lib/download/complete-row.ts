/** Completes a row of the manifest from the record's file list. */
import { DataError } from 'groundproof/task';
import type { ManifestRow } from './manifest.ts';
import type { FileEntry } from './record-files.ts';

/** @throws DataError if the record lacks the file or contradicts the manifest. */
export function completeRow(
  file: string,
  { bytes, md5 }: ManifestRow,
  files: ReadonlyMap<string, FileEntry>,
  manifest: string,
): FileEntry {
  const listed = files.get(file);
  if (!listed) {
    throw new DataError(
      `the record has no file '${file}' (it has ${[...files.keys()].join(', ')}); correct ${manifest}`,
    );
  }
  const differs = (name: string, known: number | string | null, found: number | string) =>
    known !== null && known !== found ? [`${name} ${found}, ${manifest} ${known}`] : [];
  const differences = [...differs('bytes', bytes, listed.bytes), ...differs('md5', md5, listed.md5)];
  if (differences.length > 0) {
    throw new DataError(
      `the record says of ${file} ${differences.join('; ')}: it was changed there, or ${manifest} is wrong; ` +
        'find out which, and correct the entry',
    );
  }
  return listed;
}

/** The manifest's line for a file. The MD5 is quoted: YAML would read digits only, or digits and an e, as a number. */
export const manifestLine = (file: string, { bytes, md5 }: FileEntry): string =>
  `${file}: { bytes: ${bytes}, md5: "${md5}" }`;
