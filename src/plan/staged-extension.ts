/** The extension under which an action sees a user's file. */
import { basename, extname } from 'node:path';
import { RECORDING } from '../pipeline/recording.ts';

/** Programs tell what is compressed by two extensions: `.fastq.gz`, `.tar.xz`. */
const COMPRESSED = /^\.(gz|bz2|xz|zst|lz4|Z|br)$/;

/** One that only the recording's name brings: `.abf`, but not the `.22` of `2017.06.22`. */
const SPOKEN = /^\.[A-Za-z][A-Za-z0-9_]{0,15}$/;

/**
 * @param written the path as the pipeline writes it, where `{recording}` may still stand: the dots of a recording's name
 *   are no extension, and two recordings of equal content stay equal
 * @param path the same with the recording filled in
 */
export function stagedExtension(written: string, path: string): string {
  const own = extensionIn(basename(written).replaceAll(RECORDING, '\0'));
  if (own.includes('\0')) return '';
  if (own !== '' || !basename(written).includes(RECORDING)) return own;
  return SPOKEN.test(extname(path)) ? extensionIn(basename(path)) : '';
}

function extensionIn(name: string): string {
  const last = extname(name);
  const before = COMPRESSED.test(last) ? extname(name.slice(0, -last.length)) : '';
  return SPOKEN.test(before) ? before + last : last;
}
