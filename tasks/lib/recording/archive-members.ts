/**
 * The members of a recording's archive. They share a stem and lie flat or in one folder, in any order:
 * `STEM.raw` (MEA), `STEM.juxta.raw`, `STEM.txt` and perhaps `STEM.triggers.npy`; others are passed over.
 * The two big ones are handed on as they come, so there can be only one candidate for each; which of the
 * small ones have their stem shows at the end.
 */
import { DataError } from 'groundwork/task';
import type { Extract } from 'tar-stream';

/** One member; tar-stream's types leave open what its stream yields. */
type Entry = AsyncIterable<Buffer>;

export interface ArchiveSinks {
  /** Takes the MEA file's bytes as they come, header included; a chunk is valid during the call only. */
  mea(chunk: Uint8Array): void;
  /** Takes the juxtacellular trace's bytes likewise. */
  juxta(chunk: Uint8Array): void;
}

export interface ArchiveContent {
  readonly stem: string;
  /** Bytes of the MEA file, header included. */
  readonly meaBytes: number;
  readonly juxtaBytes: number;
  /** Content of `STEM.txt`. */
  readonly text: string;
  /** Content of `STEM.triggers.npy`, where there is one. */
  readonly triggers: Uint8Array | undefined;
}

type Kind = 'mea' | 'juxta' | 'text' | 'triggers';

interface Member {
  readonly kind: Kind;
  /** As in the archive, without a leading `./`. */
  readonly name: string;
  /** Its name without the ending. */
  readonly stem: string;
  readonly bytes: number;
  /** Of a small member, unless it is too large to be one. */
  readonly content?: Buffer;
}

/** In the order in which they are tried. */
const endings: readonly (readonly [Kind, string])[] = [
  ['juxta', '.juxta.raw'],
  ['mea', '.raw'],
  ['triggers', '.triggers.npy'],
  ['text', '.txt'],
];

const titles = { mea: 'MEA file', juxta: 'juxtacellular trace', text: 'text file', triggers: 'trigger list' } as const;

/** What all texts and trigger lists together may take in memory; a real recording's take some kilobytes. */
const smallMembers = 64 << 20;

/** The candidates among an archive's members, and the names of all. */
export interface Members {
  readonly found: readonly Member[];
  readonly names: readonly string[];
}

/** Takes the members off the stream; `chunkDone` is called after each chunk of a big one. */
export async function readMembers(
  tar: Extract,
  archive: string,
  sinks: ArchiveSinks,
  chunkDone: () => void,
): Promise<Members> {
  const found: Member[] = [];
  const names: string[] = [];
  let room = smallMembers;
  for await (const entry of tar) {
    const name = entry.header.name.replace(/^(\.\/+)+/, '');
    const isFile = entry.header.type === 'file' || entry.header.type === 'contiguous-file';
    const place = isFile ? placeOf(name) : undefined;
    if (isFile) names.push(name);
    if (place === undefined) {
      entry.resume();
    } else if (place.kind === 'mea' || place.kind === 'juxta') {
      const other = found.find(({ kind }) => kind === place.kind);
      if (other !== undefined) throw twoCandidates(archive, other, name);
      found.push({ ...place, name, bytes: await handOn(entry as Entry, sinks[place.kind], chunkDone) });
    } else {
      const bytes = entry.header.size ?? 0;
      const fits = bytes <= room;
      if (fits) room -= bytes;
      else entry.resume();
      found.push({ ...place, name, bytes, ...(fits && { content: await contentOf(entry as Entry) }) });
    }
  }
  return { found, names };
}

/**
 * The recording that the members make up.
 *
 * @throws DataError when one is missing, has another stem, or is there twice.
 */
export function complete({ found, names }: Members, archive: string): ArchiveContent {
  const mea = found.find(({ kind }) => kind === 'mea');
  const juxta = found.find(({ kind }) => kind === 'juxta');
  if (mea === undefined) throw missing(archive, 'mea', 'STEM', names);
  if (juxta === undefined) throw missing(archive, 'juxta', mea.stem, names);
  if (juxta.stem !== mea.stem) {
    throw new DataError(
      `${archive}: the MEA file is ${mea.name} but the juxtacellular trace is ${juxta.name}; ` +
        `expected ${mea.stem}.juxta.raw: both need the same stem`,
    );
  }
  const text = smallMember(found, 'text', mea.stem, archive);
  if (text === undefined) throw missing(archive, 'text', mea.stem, names);
  return {
    stem: mea.stem.slice(mea.stem.indexOf('/') + 1),
    meaBytes: mea.bytes,
    juxtaBytes: juxta.bytes,
    text: text.toString('utf8'),
    triggers: smallMember(found, 'triggers', mea.stem, archive),
  };
}

/** Which part of a recording a name stands for, if any. */
function placeOf(name: string): { readonly kind: Kind; readonly stem: string } | undefined {
  const folders = name.split('/');
  const file = folders.pop() ?? '';
  // `._x` holds what macOS knows about `x`.
  if (folders.length > 1 || file.startsWith('._')) return undefined;
  const ending = endings.find(([, suffix]) => file.length > suffix.length && file.endsWith(suffix));
  return ending && { kind: ending[0], stem: name.slice(0, -ending[1].length) };
}

async function handOn(entry: Entry, sink: (chunk: Uint8Array) => void, chunkDone: () => void): Promise<number> {
  let bytes = 0;
  for await (const chunk of entry) {
    sink(chunk);
    bytes += chunk.length;
    chunkDone();
  }
  return bytes;
}

/** The bytes of a small member, copied: a chunk is part of a megabyte that would stay in memory with it. */
async function contentOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function smallMember(found: readonly Member[], kind: Kind, stem: string, archive: string): Buffer | undefined {
  const [member, other] = found.filter((candidate) => candidate.kind === kind && candidate.stem === stem);
  if (member === undefined) return undefined;
  if (other !== undefined) throw twoCandidates(archive, member, other.name);
  if (member.content === undefined) {
    throw new DataError(`${archive}: ${member.name} has ${member.bytes} bytes, too many for a ${titles[kind]}`);
  }
  return member.content;
}

function missing(archive: string, kind: Kind, stem: string, names: readonly string[]): DataError {
  const ending = endings.find(([candidate]) => candidate === kind)?.[1];
  const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ', ...' : '');
  return new DataError(
    `${archive} has no ${titles[kind]} (${stem}${ending}) among its ${names.length} files` +
      `${names.length > 0 ? `: ${shown}` : ''}; expected STEM.raw, STEM.juxta.raw and STEM.txt, flat or in one folder`,
  );
}

function twoCandidates(archive: string, first: Member, second: string): DataError {
  const both = first.name === second ? `${second}, twice` : `${first.name} and ${second}`;
  return new DataError(
    `${archive} has more than one ${titles[first.kind]}: ${both}; expected one recording an archive`,
  );
}
