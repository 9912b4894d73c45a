/** Reference implementations for tests of replicas: the plainest form of each rule, without code shared with the tasks. */
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';

/** Finds every sample below `level` that is lowest within 10, like the detector of the authors' notebook. */
export function detected(trace: Float32Array, level: number): { sampleIndex: number[]; amplitude: number[] } {
  const below = Math.fround(level);
  const sampleIndex: number[] = [];
  for (let i = 10; i < trace.length - 10; i++) {
    const value = trace[i] as number;
    if (value >= below) continue;
    let lowest = true;
    for (let d = 1; d <= 10; d++) {
      lowest &&= value < (trace[i - d] as number) && value <= (trace[i + d] as number);
    }
    if (lowest) sampleIndex.push(i);
  }
  return { sampleIndex, amplitude: sampleIndex.map((index) => trace[index] as number) };
}

/** Computes median and 1.4826 MAD by sorting, in float32 like NumPy. */
export function sortedMedianMad(trace: Float32Array): { median: number; mad: number } {
  const middle = (values: Float32Array): number => {
    const sorted = values.slice().sort();
    const half = sorted.length >> 1;
    const upper = sorted[half] as number;
    return sorted.length % 2 === 1 ? upper : Math.fround(Math.fround((sorted[half - 1] as number) + upper) / 2);
  };
  const median = middle(trace);
  return { median, mad: middle(trace.map((value) => Math.abs(Math.fround(value - median)))) * 1.4826 };
}

/** Reads the members of a .tar.gz, in order. */
export async function membersOf(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>();
  const tar = extract();
  tar.end(gunzipSync(archive));
  for await (const entry of tar) members.set(entry.header.name, await buffer(entry));
  return members;
}

export const floats = (bytes: Buffer) => new Float32Array(Uint8Array.from(bytes).buffer);
