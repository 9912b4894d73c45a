/** The manifest of a Zenodo record: its files, with size and MD5 if known. */
import { DataError } from 'groundproof/task';
import { parseDocument } from 'yaml';

export interface Manifest {
  /** Address of the archive of records: https://zenodo.org. */
  readonly site: string;
  readonly record: number;
  readonly files: ReadonlyMap<string, ManifestRow>;
}

export interface ManifestRow {
  readonly bytes: number | null;
  readonly md5: string | null;
}

/**
 * Reads YAML of the form `site: URL, record: NUMBER, files: { NAME: { bytes: 12, md5: 32 digits } }`; `bytes` and `md5`
 * are optional.
 *
 * @throws DataError for anything else.
 */
export function readManifest(text: string, fileName: string): Manifest {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake) throw new DataError(`${fileName} is not valid YAML: ${mistake.message}`);
  const { site, record, files } = (document.toJS() ?? {}) as { readonly [name: string]: unknown };
  const found = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  if (typeof site !== 'string' || !URL.canParse(site)) {
    throw new DataError(`${fileName}: 'site' is ${found(site)}, expected an address like https://zenodo.org`);
  }
  if (!Number.isSafeInteger(record)) {
    throw new DataError(`${fileName}: 'record' is ${found(record)}, expected the number of a record`);
  }
  if (files === null || typeof files !== 'object' || Array.isArray(files)) {
    throw new DataError(`${fileName} has no map 'files', expected one entry a file`);
  }
  const rows = Object.entries(files).map(([name, row]: [string, { bytes?: unknown; md5?: unknown } | null]) => {
    const { bytes = null, md5 = null } = row ?? {};
    if (bytes !== null && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0)) {
      throw new DataError(`${fileName}: 'bytes' of ${name} is ${found(bytes)}, expected a whole number`);
    }
    if (md5 !== null && !isMd5(md5)) {
      throw new DataError(`${fileName}: 'md5' of ${name} is ${found(md5)}, expected 32 hexadecimal digits in quotes`);
    }
    return [name, { bytes: bytes as number | null, md5: md5 as string | null }] as const;
  });
  return { site: site.replace(/\/+$/, ''), record: record as number, files: new Map(rows) };
}

/** @throws DataError if the manifest does not list the file. */
export function rowOf({ record, files }: Manifest, file: string, fileName: string): ManifestRow {
  const row = files.get(file);
  if (row) return row;
  throw new DataError(
    `${fileName} has no file '${file}' of record ${record} (it has ${[...files.keys()].join(', ')}); ` +
      'check the name of the recording, or add the file',
  );
}

export const fileUrl = ({ site, record }: Manifest, file: string): string =>
  `${site}/records/${record}/files/${encodeURIComponent(file)}?download=1`;

export const isMd5 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
