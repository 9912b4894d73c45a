/**
 * The members of a recording's archive. They share a stem and lie flat or in one folder, in any order:
 * `STEM.raw` (MEA), `STEM.juxta.raw`, `STEM.txt` and perhaps `STEM.triggers.npy`; others are passed over.
 * The two big ones are handed on as they come, so there can be only one candidate for each; which of the
 * small ones have their stem shows at the end. Nothing is ever written under a member's name.
 */
import { DataError } from 'groundproof/task';
import type { Extract } from 'tar-stream';
import { tarBlock } from './archive-error.ts';
import { type Kind, type Place, placeOf, suffixOf, titles } from './member-place.ts';
import { shown } from './shown.ts';

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

interface Member extends Place {
  /** As in the archive, without a leading `./`. */
  readonly name: string;
  readonly bytes: number;
  /** Of a small member, unless it is too large to be one. */
  readonly content?: Buffer;
}

/** What all texts and trigger lists together may take in memory; a real recording's take some kilobytes. */
const smallMembers = 64 << 20;

/** A recording has five or six. */
const mostMembers = 10_000;

/** How many names a message lists. */
const listed = 12;

/** The candidates among an archive's members, and what there is besides. */
export interface Members {
  readonly found: readonly Member[];
  readonly files: number;
  /** The first files' names, as messages show them. */
  readonly names: readonly string[];
  /** Members that are called like a part of a recording and can be none, with the reason. */
  readonly passedOver: readonly string[];
  /** Where the last one ends in the tar archive. */
  readonly end: number;
}

/**
 * Takes the members off the stream; `chunkDone` is called after each chunk of a big one.
 *
 * @throws DataError for a second candidate, and for more members or bytes (`most`) than an archive may hold.
 */
export async function readMembers(
  tar: Extract,
  { archive, most }: { readonly archive: string; readonly most: number },
  sinks: ArchiveSinks,
  chunkDone: () => void,
): Promise<Members> {
  const found: Member[] = [];
  const names: string[] = [];
  const passedOver: string[] = [];
  let files = 0;
  let members = 0;
  let end = 0;
  let room = smallMembers;
  for await (const entry of tar) {
    const { header } = entry;
    const name = header.name.replace(/^(\.\/+)+/, '');
    if (++members > mostMembers) {
      throw new DataError(`${archive} has more than ${mostMembers} members; expected one recording's five or six`);
    }
    if (header.size > most) {
      throw new DataError(
        `${archive}: ${shown(name)} has ${header.size} bytes by its header, expected at most ${most} in an archive ` +
          'of this size: it is damaged, or made to fill the disk',
      );
    }
    end = entry.offset + tarBlock + Math.ceil(header.size / tarBlock) * tarBlock;
    const place = placeOf(name, header);
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    if (isFile && ++files <= listed) names.push(shown(name));
    if (place === undefined) {
      entry.resume();
    } else if ('unfit' in place) {
      if (passedOver.length < 3) passedOver.push(`${shown(name)} (${place.unfit})`);
      entry.resume();
    } else if (place.kind === 'mea' || place.kind === 'juxta') {
      const other = found.find(({ kind }) => kind === place.kind);
      if (other !== undefined) throw twoCandidates(archive, other, name);
      found.push({ ...place, name, bytes: await handOn(entry as Entry, sinks[place.kind], chunkDone) });
    } else {
      const bytes = header.size;
      const fits = bytes <= room;
      if (fits) room -= bytes;
      else entry.resume();
      found.push({ ...place, name, bytes, ...(fits && { content: await contentOf(entry as Entry) }) });
    }
  }
  return { found, files, names, passedOver, end };
}

/**
 * The recording that the members make up.
 *
 * @throws DataError when one is missing, has another stem, or is there twice.
 */
export function complete(members: Members, archive: string): ArchiveContent {
  const { found } = members;
  const mea = found.find(({ kind }) => kind === 'mea');
  const juxta = found.find(({ kind }) => kind === 'juxta');
  if (mea === undefined) throw missing(archive, 'mea', 'STEM', members);
  if (juxta === undefined) throw missing(archive, 'juxta', mea.stem, members);
  if (juxta.stem !== mea.stem) {
    throw new DataError(
      `${archive}: the MEA file is ${shown(mea.name)} but the juxtacellular trace is ${shown(juxta.name)}; ` +
        `expected ${shown(mea.stem)}.juxta.raw: both need the same stem`,
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
    throw new DataError(`${archive}: ${shown(member.name)} has ${member.bytes} bytes, too many for a ${titles[kind]}`);
  }
  return member.content;
}

function missing(archive: string, kind: Kind, stem: string, { files, names, passedOver }: Members): DataError {
  const all = names.join(', ') + (files > names.length ? ', ...' : '');
  return new DataError(
    `${archive} has no ${titles[kind]} (${shown(stem + suffixOf(kind))}) among its ${files} files` +
      `${files > 0 ? `: ${all}` : ''}; ${passedOver.length > 0 ? `passed over: ${passedOver.join(', ')}; ` : ''}` +
      'expected STEM.raw, STEM.juxta.raw and STEM.txt, flat or in one folder',
  );
}

function twoCandidates(archive: string, first: Member, second: string): DataError {
  const both = first.name === second ? `${shown(second)}, twice` : `${shown(first.name)} and ${shown(second)}`;
  return new DataError(
    `${archive} has more than one ${titles[first.kind]}: ${both}; expected one recording an archive`,
  );
}
