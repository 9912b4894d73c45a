/**
 * Reads the members of a recording's archive. They share a stem and lie flat or in a single folder, in any order:
 * `STEM.raw` (MEA), `STEM.juxta.raw`, `STEM.txt` and perhaps `STEM.triggers.npy`; other members are ignored.
 * The two big members are streamed as they arrive, so each may have only a single candidate. Small members are kept
 * until the end, when the stem is known. Nothing is ever written under a member's name.
 */
import { DataError } from 'groundproof/task';
import type { Extract } from 'tar-stream';
import { printable } from '../printable.ts';
import { TAR_BLOCK } from './archive-error.ts';
import { type Part, type PartKind, partOf, suffixOf, TITLES } from './member-part.ts';

/** A member. tar-stream's types do not say that its stream yields buffers. */
type Entry = AsyncIterable<Buffer>;

export interface ArchiveSinks {
  /** Receives the MEA file's bytes in order, header included; a chunk is valid during the call only. */
  mea(chunk: Uint8Array): void;
  /** Receives the juxtacellular trace's bytes likewise. */
  juxta(chunk: Uint8Array): void;
}

export interface ArchiveContent {
  readonly stem: string;
  /** Bytes of the MEA file, header included. */
  readonly meaBytes: number;
  readonly juxtaBytes: number;
  /** Content of `STEM.txt`. */
  readonly text: string;
  /** Content of `STEM.triggers.npy`; undefined if the archive has no such member. */
  readonly triggers: Uint8Array | undefined;
}

interface Member extends Part {
  /** Name in the archive, without a leading `./`. */
  readonly name: string;
  readonly bytes: number;
  /** Content of a small member; absent if the small members together are too large. */
  readonly content?: Buffer;
}

/** Largest size in bytes of all texts and trigger lists together, which are held in memory; a recording's take some kB. */
const MAX_SMALL_BYTES = 64 << 20;

/** A recording has five or six members. */
const MAX_MEMBERS = 10_000;

/** Number of file names that a message lists. */
const MAX_NAMES = 12;

/** The members of an archive that may be parts of a recording, and facts for messages about the rest. */
export interface Members {
  readonly found: readonly Member[];
  readonly files: number;
  /** Names of the first files, printable. */
  readonly names: readonly string[];
  /** Members named like a part that cannot be a part, each with the reason. */
  readonly passedOver: readonly string[];
  /** Offset in the tar archive at which the last member ends. */
  readonly end: number;
}

/**
 * Reads all members off the stream; calls `chunkDone` after each chunk of a big member.
 *
 * @throws DataError for a second candidate, for too many members, and for a member of more than `max` bytes.
 */
export async function readMembers(
  tar: Extract,
  { archive, max }: { readonly archive: string; readonly max: number },
  sinks: ArchiveSinks,
  chunkDone: () => void,
): Promise<Members> {
  const found: Member[] = [];
  const names: string[] = [];
  const passedOver: string[] = [];
  let files = 0;
  let members = 0;
  let end = 0;
  let remaining = MAX_SMALL_BYTES;
  for await (const entry of tar) {
    const { header } = entry;
    const name = header.name.replace(/^(\.\/+)+/, '');
    if (++members > MAX_MEMBERS) {
      throw new DataError(`${archive} has more than ${MAX_MEMBERS} members; expected one recording's five or six`);
    }
    if (header.size > max) {
      throw new DataError(
        `${archive}: ${printable(name)} has ${header.size} bytes by its header, expected at most ${max} in an archive ` +
          'of this size: it is damaged, or made to fill the disk',
      );
    }
    end = entry.offset + TAR_BLOCK + Math.ceil(header.size / TAR_BLOCK) * TAR_BLOCK;
    const part = partOf(name, header);
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    if (isFile && ++files <= MAX_NAMES) names.push(printable(name));
    if (part === undefined) {
      entry.resume();
    } else if ('unusable' in part) {
      if (passedOver.length < 3) passedOver.push(`${printable(name)} (${part.unusable})`);
      entry.resume();
    } else if (part.kind === 'mea' || part.kind === 'juxta') {
      const other = found.find(({ kind }) => kind === part.kind);
      if (other !== undefined) throw twoCandidates(archive, other, name);
      found.push({ ...part, name, bytes: await forward(entry as Entry, sinks[part.kind], chunkDone) });
    } else {
      const bytes = header.size;
      const fits = bytes <= remaining;
      if (fits) remaining -= bytes;
      else entry.resume();
      found.push({ ...part, name, bytes, ...(fits && { content: await contentOf(entry as Entry) }) });
    }
  }
  return { found, files, names, passedOver, end };
}

/**
 * Assembles a recording from the members.
 *
 * @throws DataError if a part is missing, has another stem, or exists twice.
 */
export function assembleRecording(members: Members, archive: string): ArchiveContent {
  const { found } = members;
  const mea = found.find(({ kind }) => kind === 'mea');
  const juxta = found.find(({ kind }) => kind === 'juxta');
  if (mea === undefined) throw missing(archive, 'mea', 'STEM', members);
  if (juxta === undefined) throw missing(archive, 'juxta', mea.stem, members);
  if (juxta.stem !== mea.stem) {
    throw new DataError(
      `${archive}: the MEA file is ${printable(mea.name)} but the juxtacellular trace is ${printable(juxta.name)}; ` +
        `expected ${printable(mea.stem)}.juxta.raw: both need the same stem`,
    );
  }
  const text = smallMember(found, 'text', mea.stem, archive);
  if (text === undefined) throw missing(archive, 'text', mea.stem, members);
  return {
    stem: mea.stem.slice(mea.stem.indexOf('/') + 1),
    meaBytes: mea.bytes,
    juxtaBytes: juxta.bytes,
    text: text.toString('utf8'),
    triggers: smallMember(found, 'triggers', mea.stem, archive),
  };
}

async function forward(entry: Entry, sink: (chunk: Uint8Array) => void, chunkDone: () => void): Promise<number> {
  let bytes = 0;
  for await (const chunk of entry) {
    sink(chunk);
    bytes += chunk.length;
    chunkDone();
  }
  return bytes;
}

/** Returns a copy of a small member's bytes: a chunk itself is a view of a megabyte that would stay in memory. */
async function contentOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function smallMember(found: readonly Member[], kind: PartKind, stem: string, archive: string): Buffer | undefined {
  const [member, other] = found.filter((candidate) => candidate.kind === kind && candidate.stem === stem);
  if (member === undefined) return undefined;
  if (other !== undefined) throw twoCandidates(archive, member, other.name);
  if (member.content === undefined) {
    throw new DataError(
      `${archive}: ${printable(member.name)} has ${member.bytes} bytes, too many for a ${TITLES[kind]}`,
    );
  }
  return member.content;
}

function missing(archive: string, kind: PartKind, stem: string, { files, names, passedOver }: Members): DataError {
  const all = names.join(', ') + (files > names.length ? ', ...' : '');
  return new DataError(
    `${archive} has no ${TITLES[kind]} (${printable(stem + suffixOf(kind))}) among its ${files} files` +
      `${files > 0 ? `: ${all}` : ''}; ${passedOver.length > 0 ? `passed over: ${passedOver.join(', ')}; ` : ''}` +
      'expected STEM.raw, STEM.juxta.raw and STEM.txt, flat or in one folder',
  );
}

function twoCandidates(archive: string, first: Member, second: string): DataError {
  const both =
    first.name === second ? `${printable(second)}, twice` : `${printable(first.name)} and ${printable(second)}`;
  return new DataError(
    `${archive} has more than one ${TITLES[first.kind]}: ${both}; expected one recording an archive`,
  );
}
