/**
 * Records: JSON with its digest on the line below. A torn or damaged one is no record: each can be made again,
 * and a flipped bit in a parameter or a port's name would otherwise pass for what it is not.
 */
import { readFileSync, statSync } from 'node:fs';
import { digestOf } from './digest.ts';
import { againIfStale } from './stale.ts';
import { writeAside, writeAsideAsync } from './write-aside.ts';

export const writeRecord = (path: string, value: unknown): void => writeAside(path, textOf(value));

/** The same, without making others wait for the disk. */
export const writeRecordAsync = (path: string, value: unknown): Promise<void> => writeAsideAsync(path, textOf(value));

function textOf(value: unknown): string {
  const text = JSON.stringify(value);
  return `${text}\n${digestOf(text)}\n`;
}

/** Undefined when there is none, or it is not what was written. */
export function readRecord<R>(path: string): R | undefined {
  // Asked first: most often there is none, and to throw takes seven times as long.
  if (!againIfStale(() => statSync(path, { throwIfNoEntry: false }))) return undefined;
  let written: string;
  try {
    written = againIfStale(() => readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const end = written.indexOf('\n');
  const text = written.slice(0, end);
  return end > 0 && written.slice(end) === `\n${digestOf(text)}\n` ? (JSON.parse(text) as R) : undefined;
}
