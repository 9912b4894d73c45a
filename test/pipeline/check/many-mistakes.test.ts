/** A generated pipeline may have the same mistake in each of its steps. */
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
  ['refers to a missing step', (i) => `s${i}: { shell: 'cat {inputs.x}', inputs: { x: none${i}.o } }`],
  ['has a forbidden name', (i) => `bad name ${i}: { shell: 'true' }`],
  ['has the wrong fields', (i) => `s${i}: { shel: 'true', timeout: -3, outputs: 7 }`],
  ['refers to a missing anchor', (i) => `s${i}: &a${i} { shell: *none${i} }`],
])(
  'a pipeline in which every step %s is refused within a minute, with its first 100 mistakes',
  (_, step) => {
    const checked = checkPipeline(parsePipeline({ name: 'pipeline.yaml', text: pipelineOf(step) }), new Map());
    if (checked.ok) throw new Error('the pipeline was accepted');
    expect(checked.error.length).toBeGreaterThanOrEqual(STEPS);
    const text = diagnosticsText(checked.error, paint);
    expect(text).toMatch(/\d+ mistakes; the first 100 are shown$/);
    expect(text.split('\n').length).toBeLessThan(1000);
  },
  // Comparing each name with all other names took minutes.
  60_000,
);

test('a text of more than 16 million characters is refused before it is parsed', () => {
  const text = `steps: ${' '.repeat(16_000_001)}`;
  const { draft, diagnostics } = parsePipeline({ name: 'pipeline.yaml', text });
  expect(draft).toBeNull();
  expect(diagnostics).toMatchObject([{ message: 'this is longer than 16 million characters' }]);
});
