import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mistakes, steps } from '../pipeline/check/mistakes.ts';
import { damage, examples } from './mutate.ts';

const texts = [
  readFileSync(new URL('../../pipeline.yaml', import.meta.url)),
  Buffer.from(
    steps(`  sort: &s
    shell: "sort {inputs.mea} > {outputs.o} # {params.k}"
    each: recording
    inputs: { mea: unzip.mea }
    outputs: { o: .txt }
    params: { k: "a: 'b' # c" }
  again: *s
`),
  ),
];

test('a damaged pipeline is valid, or its mistakes are reported in short lines without control characters', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), damage, (whole, harm) => {
      const report = mistakes(harm(whole).toString('utf8'));
      expect(report).toMatch(/^none$|[1-9]\d* mistakes?$/);
      expect(report).not.toMatch(/[^\P{Cc}\n]/u);
      for (const line of report.split('\n')) expect(line.length).toBeLessThan(1000);
    }),
    examples(100),
  );
});
