/** The extension under which an action sees a user's file. */
import { basename, extname } from 'node:path';
import { RECORDING } from '../pipeline/recording.ts';

/** Compressed files have two extensions that programs look at: `.fastq.gz`, `.tar.xz`. */
const COMPRESSED = /^\.(gz|bz2|xz|zst|lz4|Z|br)$/;

/** `.abf`, but not the `.22` of `2017.06.22`. */
const PLAUSIBLE = /^\.[A-Za-z][A-Za-z0-9_]{0,15}$/;

/**
 * @param written the path as the pipeline writes it, with `{recording}`: dots in a recording's name do not begin an
 *   extension, so that two recordings of equal content stay equal
 * @param path the same path with the recording filled in
 */
export function stagedExtension(written: string, path: string): string {
  const extension = extensionIn(basename(written).replaceAll(RECORDING, '\0'));
  if (extension.includes('\0')) return '';
  if (extension !== '' || !basename(written).includes(RECORDING)) return extension;
  return PLAUSIBLE.test(extname(path)) ? extensionIn(basename(path)) : '';
}

function extensionIn(name: string): string {
  const last = extname(name);
  const before = COMPRESSED.test(last) ? extname(name.slice(0, -last.length)) : '';
  return PLAUSIBLE.test(before) ? before + last : last;
}
