/** Compression of Arrow files of other programs: pandas writes LZ4 unless told otherwise, Polars ZSTD if asked. */
import { decompress as decompressZstd } from 'fzstd';
import type { Arrow } from './arrow-types.ts';
import { decompressLz4 } from './lz4-frame.ts';

/** Lets apache-arrow read compressed files; it cannot write any. */
export function addCodecs({ compressionRegistry, CompressionType }: Arrow): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decompressLz4 });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompressZstd(bytes) });
}
