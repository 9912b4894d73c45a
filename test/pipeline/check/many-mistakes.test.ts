/** A generated pipeline may hold the same mistake in each of its steps. */
import { expect, test } from 'vitest';
import { checkPipeline } from '../../../src/pipeline/check/check.ts';
import { parsePipeline } from '../../../src/pipeline/check/parse.ts';
import { diagnosticsText } from '../../../src/report/diagnostic.ts';
import { paintFor } from '../../../src/report/paint.ts';

const STEPS = 5_000;
const paint = paintFor({ isTTY: false } as NodeJS.WriteStream, {});

const pipelineOf = (step: (i: number) => string): string =>
  `steps:\n${Array.from({ length: STEPS }, (_, i) => `  ${step(i)}\n`).join('')}`;

test.each<[string, (i: number) => string]>([
  ['refers to a step that is not there', (i) => `s${i}: { shell: 'cat {inputs.x}', inputs: { x: none${i}.o } }`],
  ['has a name that it may not have', (i) => `bad name ${i}: { shell: 'true' }`],
  ['has the wrong fields', (i) => `s${i}: { shel: 'true', timeout: -3, outputs: 7 }`],
  ['stands for an anchor that is not there', (i) => `s${i}: &a${i} { shell: *none${i} }`],
])(
  'a pipeline in which every step %s is refused in time, with its first mistakes',
  (_, step) => {
    const began = performance.now();
    const checked = checkPipeline(parsePipeline({ name: 'pipeline.yaml', text: pipelineOf(step) }), new Map());
    if (checked.ok) throw new Error('it was taken for right');
    expect(checked.error.length).toBeGreaterThanOrEqual(STEPS);
    const text = diagnosticsText(checked.error, paint);
    expect(text).toMatch(/\d+ mistakes; the first 100 are shown$/);
    expect(text.split('\n').length).toBeLessThan(1000);
    // Comparing every name with every other took minutes.
    expect(performance.now() - began).toBeLessThan(60_000);
  },
  120_000,
);

test('a text that is longer than a pipeline may be is refused before it is parsed', () => {
  const text = `steps: ${' '.repeat(16_000_001)}`;
  const { draft, diagnostics } = parsePipeline({ name: 'pipeline.yaml', text });
  expect(draft).toBeNull();
  expect(diagnostics).toMatchObject([{ message: 'this is longer than 16 million characters' }]);
});
