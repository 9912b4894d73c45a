/** A small project for the rig: counts words for each recording, compares the count with a limit, and gathers. */
export const wordsProject = {
  'pipeline.yaml': `name: words
each:
  recording: [a, b]
steps:
  count:
    uses: ./tasks/count.ts
    each: recording
    inputs: { text: { file: "data/{recording}.txt" } }
    params: { at_least: 2 }
  judge:
    uses: ./tasks/judge.ts
    each: recording
    inputs: { counts: count.counts }
    params: { limit: 3, recording: "{recording}" }
  gather:
    uses: ./tasks/gather.ts
    inputs: { judged: { from: judge.judged, partial: true } }
`,
  'data/a.txt': 'one two three four five',
  'data/b.txt': 'six seven',
  'tasks/lib/words.ts': `/** Words of at least some length. */
export const words = (text: string, atLeast: number): string[] =>
  text.split(/\\s+/).filter((word) => word.length >= atLeast);
`,
  'tasks/tables.ts': `import type { TableSchema } from 'groundproof/task';

export const countsTable = {
  description: 'Counted words',
  columns: { words: { type: 'int64', description: 'How many', unit: 'words' } },
} as const satisfies TableSchema;

export const judgedTable = {
  description: 'Whether there are enough words',
  columns: {
    recording: { type: 'utf8', description: 'Which text' },
    verdict: { type: 'utf8', description: 'enough or too few' },
  },
} as const satisfies TableSchema;
`,
  'tasks/count.ts': `import { readFileSync } from 'node:fs';
import { DataError, defineTask, file, table } from 'groundproof/task';
import { words } from './lib/words.ts';
import { countsTable } from './tables.ts';

export default defineTask({
  inputs: { text: file() },
  params: {
    type: 'object',
    properties: { at_least: { type: 'integer', default: 1, minimum: 0 } },
    additionalProperties: false,
  },
  outputs: { counts: table(countsTable) },
  async run({ inputs, params, outputs, log }) {
    const text = readFileSync(inputs.text, 'utf8');
    if (text === '') throw new DataError('the text is empty: 0 bytes');
    if (text.includes('!')) log.warn('the text shouts');
    await outputs.counts.write({ words: [words(text, params.at_least).length] });
  },
});
`,
  'tasks/judge.ts': `import { defineTask, table } from 'groundproof/task';
import { countsTable, judgedTable } from './tables.ts';

export default defineTask({
  inputs: { counts: table(countsTable) },
  params: {
    type: 'object',
    properties: { limit: { type: 'integer', default: 1 }, recording: { type: 'string' } },
    required: ['recording'],
    additionalProperties: false,
  },
  outputs: { judged: table(judgedTable, { csv: true, headline: 'verdict' }) },
  async run({ inputs, params, outputs }) {
    const { words } = await inputs.counts.row();
    const verdict = words >= BigInt(params.limit) ? 'enough' : 'too few';
    await outputs.judged.write({ recording: [params.recording], verdict: [verdict] });
  },
});
`,
  'tasks/gather.ts': `import { defineTask, file, gathered, table } from 'groundproof/task';
import { judgedTable } from './tables.ts';

export default defineTask({
  inputs: { judged: gathered(table(judgedTable)) },
  params: { type: 'object', properties: {}, additionalProperties: false },
  outputs: { list: file('.txt') },
  async run({ inputs, outputs }) {
    for (const { recording, value } of inputs.judged) {
      const { verdict } = await value.row();
      outputs.list.write(Buffer.from(\`\${recording}: \${verdict}\\n\`));
    }
  },
});
`,
} as const;

export const ALL = ['count@a', 'count@b', 'gather', 'judge@a', 'judge@b'];
