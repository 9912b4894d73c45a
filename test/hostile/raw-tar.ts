/** Writes tar archives that no other program writes: a test can set every field of a header. */
import { tarEnd, tarHeader, tarPadding } from '../../tasks/lib/replica/tar.ts';

export interface RawMember {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `6` fifo, `S` GNU sparse, `L` long name, `x` pax. */
  readonly type?: string;
  readonly linkname?: string;
  /** The size in the header, by default the content's size. Bytes are written to the field unchanged. */
  readonly declared?: number | Uint8Array;
}

/** The blocks of a member. */
export function rawMember({ name, content = '', type = '0', linkname = '', declared }: RawMember): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from(tarHeader('', typeof declared === 'number' ? declared : bytes.length));
  if (declared instanceof Uint8Array) header.set(declared, 124);
  header.write(name, 0, 100, 'utf8');
  header.write(type, 156, 'latin1');
  header.write(linkname, 157, 100, 'utf8');
  return Buffer.concat([withChecksum(header), bytes, tarPadding(bytes.length)]);
}

function withChecksum(header: Buffer): Buffer {
  header.write('        ', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** A pax header, which sets fields of the member after it. */
export function pax(records: { readonly [key: string]: string }): RawMember {
  const content = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest);
    while (Buffer.byteLength(`${length}${rest}`) !== length) length = Buffer.byteLength(`${length}${rest}`);
    return `${length}${rest}`;
  });
  return { name: 'PaxHeader', type: 'x', content: content.join('') };
}

export const rawTar = (members: readonly RawMember[]): Buffer => Buffer.concat([...members.map(rawMember), tarEnd()]);
