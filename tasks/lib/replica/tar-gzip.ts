/** A `.tar.gz` written as its contents come; sizes must be known before. */
import { gzipWriter } from './gzip.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

export interface TarGzip {
  /** Writes one file, from chunks that are `size` bytes together; each may be reused when the next is asked for. */
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
