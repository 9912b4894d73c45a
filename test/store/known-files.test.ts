import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { fileSignature, type Signature } from '../../src/files/signature.ts';
import { pruneKnownFiles, readKnownFiles, rememberFiles } from '../../src/store/known-files.ts';
import { put, temporaryFolder } from './temporary.ts';

const learnt = (path: string) => ({
  path,
  signature: fileSignature(path) as Signature,
  digest: digestOf(readFileSync(path)),
});

test('readKnownFiles ignores lines with an exchanged digest, and lines of older versions', () => {
  const folder = temporaryFolder();
  const journal = join(folder, 'files.jsonl');
  const [a, b] = [put(join(folder, 'a'), 'a'), put(join(folder, 'b'), 'b')].map(learnt) as [
    ReturnType<typeof learnt>,
    ReturnType<typeof learnt>,
  ];
  rememberFiles(journal, [a, b]);
  expect(readKnownFiles(journal)).toEqual(new Map([a, b].map(({ signature, digest }) => [signature, digest])));
  const text = readFileSync(journal, 'utf8');
  const exchanged = text.replace(a.digest, 'X').replace(b.digest, a.digest).replace('X', b.digest);
  writeFileSync(journal, `${exchanged}${JSON.stringify([a.signature, b.digest])}\n`);
  expect(readKnownFiles(journal)).toEqual(new Map());
});

test('readKnownFiles returns an empty map for a missing file and for a folder', () => {
  const folder = temporaryFolder();
  expect(readKnownFiles(join(folder, 'none'))).toEqual(new Map());
  expect(readKnownFiles(folder)).toEqual(new Map());
});

test('the journal has a line for each file, and pruning drops missing and changed files', () => {
  const folder = temporaryFolder();
  const journal = join(folder, 'files.jsonl');
  const lines = () => readFileSync(journal, 'utf8').trim().split('\n').filter(Boolean).length;
  const paths = ['a', 'b', 'c'].map((name) => put(join(folder, name), name));
  for (let round = 0; round < 5; round++) {
    for (const path of paths) writeFileSync(path, 'x'.repeat(round + 1));
    rememberFiles(journal, paths.map(learnt));
  }
  expect(lines()).toBe(3);
  const [a, b, c] = paths as [string, string, string];
  rmSync(a);
  writeFileSync(b, 'changed');
  pruneKnownFiles(journal);
  expect(lines()).toBe(1);
  expect([...readKnownFiles(journal).values()]).toEqual([learnt(c).digest]);
});
