/** Writes a `.tar.gz` as a stream; each file's size must be known before. */
import { gzipWriter } from './gzip.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

export interface TarGzip {
  /** Writes a file from chunks of `size` bytes in total; a chunk may be reused after the next step. */
  file(name: string, size: number, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  end(): void;
}

export function tarGzip(level: number, sink: (chunk: Uint8Array) => void): TarGzip {
  const gzip = gzipWriter(level, sink);
  return {
    async file(name, size, content) {
      gzip.write(tarHeader(name, size));
      let written = 0;
      for await (const chunk of content) {
        gzip.write(chunk);
        written += chunk.length;
      }
      if (written !== size) throw new Error(`${name}: ${written} bytes for an entry of ${size}`);
      gzip.write(tarPadding(size));
    },
    end() {
      gzip.write(tarEnd());
      gzip.end();
    },
  };
}
