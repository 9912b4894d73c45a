/** A row of the manifest, completed by what the record lists. */
import { DataError } from 'groundproof/task';
import type { Row } from './manifest.ts';
import type { Listed } from './record-files.ts';

/** @throws DataError when the record has no such file, or says something else than the manifest. */
export function completeRow(
  file: string,
  { bytes, md5 }: Row,
  files: ReadonlyMap<string, Listed>,
  manifest: string,
): Listed {
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

/** As it is written in the manifest. Quotes: an MD5 of digits only, or with one e, is a number in YAML. */
export const manifestLine = (file: string, { bytes, md5 }: Listed): string =>
  `${file}: { bytes: ${bytes}, md5: "${md5}" }`;
