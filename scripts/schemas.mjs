/** Writes schemas/*.schema.json from the `as const` objects in TypeScript, for other programs. `--check` only compares. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'schemas');

async function load(path) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, write: false, format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** The file names and schemas of the documents, and of the parameters of each task. */
async function schemaFiles() {
  const { pipelineSchema } = await load(join(folder, 'pipeline.ts'));
  const { eventsSchema } = await load(join(folder, 'events.ts'));
  const { taskInterfaceSchema } = await load(join(folder, 'task-interface.ts'));
  const files = [
    ['pipeline.schema.json', pipelineSchema],
    ['events.schema.json', eventsSchema],
    ['task-interface.schema.json', taskInterfaceSchema],
  ];
  for (const name of readdirSync(join(folder, 'tasks')).filter((file) => file.endsWith('.ts'))) {
    const task = name.slice(0, -'.ts'.length);
    const exported = await load(join(folder, 'tasks', name));
    const params = exported[`${task}Params`];
    files.push([
      `tasks/${task}.schema.json`,
      { $schema: 'https://json-schema.org/draft/2020-12/schema', title: `Parameters of the task ${task}`, ...params },
    ]);
  }
  return files.map(([name, schema]) => [join(folder, name), `${JSON.stringify(schema, null, 2)}\n`]);
}

const stale = [];
for (const [path, text] of await schemaFiles()) {
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    // not written yet
  }
  if (current === text) continue;
  if (process.argv.includes('--check')) stale.push(path);
  else writeFileSync(path, text);
}
if (stale.length > 0) {
  console.error(`these files differ from schemas/*.ts; run npm run schemas:\n${stale.join('\n')}`);
  process.exitCode = 1;
}
