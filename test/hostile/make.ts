/** Writes the corpus into a folder: an archive per recording, and a pipeline that runs on all recordings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from './corpus.ts';
import { pipelineOf } from './pipeline-of.ts';

const folder = process.argv[2] ?? '.';
mkdirSync(folder, { recursive: true });
const inputs = corpus.flatMap((section) => section.inputs);
for (const { name, bytes } of inputs) writeFileSync(join(folder, `${name}.tar.gz`), bytes());
writeFileSync(join(folder, 'pipeline.yaml'), pipelineOf(inputs.map(({ name }) => name)));
process.stdout.write(`${inputs.length} archives and pipeline.yaml written to ${folder}\n`);
