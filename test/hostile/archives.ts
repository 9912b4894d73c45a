/** Archives that are damaged, are not archives, or are made to do harm. */
import { gzipSync } from 'node:zlib';
import { type HostileInput, input } from './hostile-input.ts';
import { pax, type RawMember, rawMember, rawTar } from './raw-tar.ts';
import { archiveOf, gzipped, members, recordingOf } from './recording.ts';

const good = recordingOf();

/** Flips a bit; a negative index counts from the end. */
const flipped = (at: number, bit = 4): Buffer => {
  const bytes = Buffer.from(good);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ bit;
  return bytes;
};

/** The good recording with its MEA file replaced. */
const meaAs = (change: (mea: RawMember) => readonly RawMember[]): Buffer =>
  archiveOf(members().flatMap((member) => (member.name === 'patch_1.raw' ? change(member) : [member])));

const meaNamed = (name: string): Buffer => meaAs((mea) => [{ ...mea, name }]);

/** The start of a member, then a gigabyte of zeros in a megabyte: consecutive gzip members are a single stream. */
function bomb(name: string): Buffer {
  const block = gzipSync(Buffer.alloc(16 << 20));
  const start = gzipped(rawMember({ name, declared: 2 ** 28 - 4096 }));
  const bytes = Buffer.concat([start, ...Array.from({ length: 64 }, () => block)]);
  // Pad to the same length for every zlib; zeros at the end are fine.
  return Buffer.concat([bytes, Buffer.alloc(1_200_000 - bytes.length)]);
}

const empty = rawMember({ name: 'x.txt' });

const terabytes = 10 * 2 ** 40;

export const archives: readonly HostileInput[] = [
  input('empty', 'a file of 0 bytes', () => Buffer.of()),
  input('web-page', 'a web page instead of an archive', () =>
    Buffer.from('<!DOCTYPE html>\n<html><title>404</title></html>'),
  ),
  input('plain-tar', 'a tar archive that is not compressed', () => rawTar(members())),
  input('no-tar', 'compressed text', () => gzipped(Buffer.alloc(5000, 'text '))),
  input('empty-gzip', 'a compressed empty file', () => gzipped(Buffer.of())),
  input('no-members', 'a tar archive without members', () => archiveOf([])),
  input('cut', 'an archive cut off at two thirds', () => good.subarray(0, (good.length * 2) / 3)),
  input('cut-trailer', 'an archive cut off within the checksum at its end', () => good.subarray(0, -6)),
  input('cut-tar', 'a tar archive cut off before it was compressed', () =>
    gzipped(rawTar(members()).subarray(0, 90_000)),
  ),
  input('cut-between', 'a tar archive cut off between two members before it was compressed', () =>
    gzipped(Buffer.concat(members().slice(0, 3).map(rawMember))),
  ),
  input('flipped-bit', 'a bit flipped within the data', () => flipped(100_001)),
  input('wrong-crc', 'a bit flipped in the checksum', () => flipped(-8)),
  input('wrong-length', 'a bit flipped in the length at the end', () => flipped(-1)),
  input('trailing-bytes', 'other bytes after the end', () => Buffer.concat([good, Buffer.from('something')])),
  input('trailing-zeros', 'zeros after the end, which are fine', () => Buffer.concat([good, Buffer.alloc(5000)])),
  input('gzip-members', 'two consecutive gzip members, which is fine', () => {
    const tar = rawTar(members());
    return Buffer.concat([gzipped(tar.subarray(0, 70_001)), gzipped(tar.subarray(70_001))]);
  }),
  input('two-tars', 'another tar archive after the end of the first', () =>
    gzipped(Buffer.concat([rawTar(members()), rawTar(members())])),
  ),
  input('two-archives', 'two .tar.gz archives in the same file', () => Buffer.concat([good, good])),
  input('gzip-fields', 'a gzip header with a name of two megabytes and other fields, which is fine', () => {
    const fields = [
      Buffer.of(0xff, 0xff),
      Buffer.alloc(65_535, 'e'),
      Buffer.alloc(2_000_000, 'n'),
      Buffer.of(0, 0x63, 0),
    ];
    const header = Buffer.from(good.subarray(0, 10));
    header[3] = 4 | 8 | 16;
    return Buffer.concat([header, ...fields, good.subarray(10)]);
  }),
  input('bad-header-checksum', 'a tar header with a wrong checksum', () => {
    const tar = rawTar(members());
    tar[5] = 0x41;
    return gzipped(tar);
  }),
  input('absolute', 'the MEA file under an absolute name', () => meaNamed('/etc/patch_1.raw')),
  input('absolute-flat', 'the MEA file directly below the root', () => meaNamed('/patch_1.raw')),
  input('parent', 'the MEA file under a name with ..', () => meaNamed('../patch_1.raw')),
  input('parents', 'the MEA file under a name that leads far outside', () => meaNamed('a/../../../patch_1.raw')),
  input('nul-name', 'a zero byte within the name, by a pax header', () =>
    meaAs((mea) => [pax({ path: 'patch\0_1.raw' }), mea]),
  ),
  input('escape-name', 'a terminal’s escape sequences in names', () =>
    archiveOf([{ name: '\u001b[2J\u001b[31mpatch_1.jpg' }, { name: 'patch\u001b[8m_1.raw', content: 'x' }]),
  ),
  input('long-name', 'a name of 300 characters', () => meaAs((mea) => [pax({ path: `${'n'.repeat(296)}.raw` }), mea])),
  input('symlink', 'the MEA file as a symbolic link to /etc/passwd', () =>
    meaAs(({ name }) => [{ name, type: '2', linkname: '/etc/passwd' }]),
  ),
  input('hardlink', 'the MEA file as a hard link', () => meaAs(({ name }) => [{ name, type: '1', linkname: '../x' }])),
  input('device', 'the MEA file as a device', () => meaAs(({ name }) => [{ name, type: '3' }])),
  input('fifo', 'the MEA file as a fifo', () => meaAs(({ name }) => [{ name, type: '6' }])),
  input('folder', 'the MEA file as a folder', () => meaAs(({ name }) => [{ name: `${name}/`, type: '5' }])),
  input('sparse', 'the MEA file stored sparse, the old GNU way', () => meaAs((mea) => [{ ...mea, type: 'S' }])),
  input('pax-sparse', 'the MEA file stored sparse, with pax headers', () =>
    meaAs((mea) => [pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': mea.name }), mea]),
  ),
  input('twice', 'the MEA file twice', () => meaAs((mea) => [mea, mea])),
  input('two-candidates', 'two MEA files', () => meaAs((mea) => [mea, { ...mea, name: 'patch_2.raw' }])),
  input('stems-differ', 'files of two recordings', () => meaNamed('patch_2.raw')),
  input('one-folder', 'all files in a folder, which is fine', () =>
    archiveOf(members().map((member) => ({ ...member, name: `recording/${member.name}` }))),
  ),
  input('sub-folder', 'all files two folders down', () =>
    archiveOf(members().map((member) => ({ ...member, name: `a/b/${member.name}` }))),
  ),
  input('macos', 'the ._ files of macOS beside the others, which is fine', () =>
    archiveOf(members().flatMap((member) => [{ name: `._${member.name}`, content: 'x' }, member])),
  ),
  input('many-members', '10,001 members', () => gzipped(Buffer.concat(Array.from({ length: 10_001 }, () => empty)))),
  input('10-TB', 'a member of 10 TB by its header', () => meaAs((mea) => [{ ...mea, declared: terabytes }])),
  input('10-TB-pax', 'a member of 10 TB by a pax header', () =>
    meaAs((mea) => [pax({ size: String(terabytes) }), mea]),
  ),
  input('negative-size', 'a member of a negative size by a pax header', () =>
    meaAs((mea) => [pax({ size: '-1' }), mea]),
  ),
  input('negative-size-binary', 'a member of a negative size, in binary', () =>
    meaAs((mea) => [{ ...mea, declared: Buffer.alloc(12, 0xff) }]),
  ),
  input('size-binary', 'a member of 2^80 bytes, in binary', () =>
    meaAs((mea) => [{ ...mea, declared: Buffer.of(0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }]),
  ),
  input('size-text', 'a size that is not a number', () =>
    meaAs((mea) => [{ ...mea, declared: Buffer.from('99999999999x') }]),
  ),
  input('gnu-long-name', 'a name of a megabyte, the GNU way', () =>
    meaAs((mea) => [{ name: '././@LongLink', type: 'L', content: `${'n'.repeat(1_000_000)}.raw` }, mea]),
  ),
  input('pax-length', 'a pax record with a wrong length', () =>
    meaAs((mea) => [{ name: 'PaxHeader', type: 'x', content: '999999 path=x.raw\n' }, mea]),
  ),
  input('pax-global', 'a pax header that gives all members the same name, which is ignored and fine', () =>
    archiveOf([{ ...pax({ path: 'patch_1.raw' }), type: 'g' }, ...members()]),
  ),
  input('long-header', 'a pax header of a gigabyte', () =>
    archiveOf([{ name: 'PaxHeader', type: 'x', declared: 2 ** 30 }]),
  ),
  input('bomb', 'a gzip bomb: the MEA file is 1 GB of zeros', () => bomb('patch_1.raw')),
  input('bomb-passed-over', 'a gzip bomb in a member that is not read', () => bomb('patch_1.jpg')),
];
