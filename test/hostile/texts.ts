/** Recordings with a wrong `STEM.txt` or wrong sizes. */
import { type HostileInput, input } from './hostile-input.ts';
import { goodMea, recordingOf } from './recording.ts';

const text = (name: string, description: string, content: string | Uint8Array | null): HostileInput =>
  input(name, description, () => recordingOf({ text: content }));

export const texts: readonly HostileInput[] = [
  text('text-missing', 'no text file', null),
  text('text-empty', 'an empty text file', ''),
  text('padding-missing', 'no padding', 'threshold = 8\nchannel = 0\n'),
  text('padding-twice', 'two paddings', 'padding = 1871\npadding = 1867\n'),
  text('padding-negative', 'a negative padding', 'padding = -1871\n'),
  text('padding-word', 'a padding that is not a number', 'padding = none\n'),
  text('padding-fraction', 'a padding with a fraction', 'padding = 1871.5\n'),
  text('padding-digits', 'a padding in other digits than 0 to 9', 'padding = \u0661\u0668\u0667\u0661\n'),
  text('padding-hexadecimal', 'a padding in hexadecimal', 'padding = 0x74f\n'),
  text('padding-escape', 'a padding with escape sequences', 'padding = \u001b]0;title\u0007 1871\n'),
  text('padding-long', 'a padding of a million digits', `padding = ${'9'.repeat(1_000_000)}\n`),
  text('padding-huge', 'a padding past the end', 'padding = 999999999\n'),
  text('padding-off', 'a padding that leaves a part of a frame', 'padding = 1870\n'),
  text('padding-a-frame-off', 'a padding wrong by a whole frame', 'padding = 1875\n'),
  text('spacing', 'other spacing, which is fine', '  padding\t=1871'),
  text('crlf-bom', 'CRLF and a byte order mark, which are fine', '\uFEFFthreshold = 8\r\npadding = 1871\r\n'),
  text(
    'latin-1',
    'Latin-1 in another value, which is fine',
    Buffer.from('name = Gr\xfc\xdfe\npadding = 1871\n', 'latin1'),
  ),
  text('utf-16', 'UTF-16', Buffer.from('padding = 1871\n', 'utf16le')),
  text('binary-text', 'bytes that are not text', Buffer.from([0xff, 0xd8, 0x80, 0x3d, 0x0a, 0x3d])),
];

const size = (name: string, description: string, parts: Parameters<typeof recordingOf>[0]): HostileInput =>
  input(name, description, () => recordingOf(parts));

export const sizes: readonly HostileInput[] = [
  size('mea-missing', 'no MEA file', { mea: null }),
  size('mea-empty', 'an empty MEA file', { mea: Buffer.of() }),
  size('mea-header-only', 'an MEA file that is all header, and no trace', {
    mea: goodMea.subarray(0, 1871),
    juxta: Buffer.of(),
  }),
  size('mea-odd', 'an MEA file with an odd byte', { mea: Buffer.concat([goodMea, Buffer.of(0)]) }),
  size('mea-short', 'an MEA file shorter than the trace', { mea: goodMea.subarray(0, -400) }),
  size('juxta-missing', 'no juxtacellular trace', { juxta: null }),
  size('juxta-empty', 'an empty trace', { juxta: Buffer.of() }),
  size('juxta-odd', 'a trace that is not a whole number of samples', { juxta: Buffer.alloc(159_999) }),
  size('juxta-short', 'a trace shorter than the MEA file', { juxta: Buffer.alloc(159_996) }),
];
