import { expect, test } from 'vitest';
import { stagedExtension } from '../../src/plan/staged-extension.ts';

test.each([
  ['data/{recording}.abf', 'data/2017.06.22.abf', '.abf'],
  ['data/{recording}.tar.gz', 'data/a.b.tar.gz', '.tar.gz'],
  ['data/{recording}.gz', 'data/a.b.gz', '.gz'],
  ['reads.fastq.gz', 'reads.fastq.gz', '.fastq.gz'],
  ['genome.v1.2.gz', 'genome.v1.2.gz', '.gz'],
  ['data.{recording}', 'data.r1', ''],
  ['x.{recording}.gz', 'x.r1.gz', '.gz'],
  ['script.py', 'script.py', '.py'],
  ['Makefile', 'Makefile', ''],
  ['.bashrc', '.bashrc', ''],
  ['data/{recording}', 'data/a.csv', '.csv'],
  ['data/{recording}', 'data/a.csv.gz', '.csv.gz'],
  ['data/{recording}', 'data/2017.06.22', ''],
  ['{recording}/raw.bin', '2017.06.22/raw.bin', '.bin'],
  ['{recording}/raw', 'a.csv/raw', ''],
])('%s as %s is staged with the extension "%s"', (written, path, extension) => {
  expect(stagedExtension(written, path)).toBe(extension);
});
