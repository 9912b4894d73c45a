/** The text of a task module for the rig, from the body of `run`, ports and parameters. */
export const taskModule = (
  body: string,
  {
    inputs = '',
    params = '',
    outputs = "out: file('.txt')",
  }: { inputs?: string; params?: string; outputs?: string } = {},
): string => `import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { DataError, defineTask, figure, file, folder, gathered, table } from 'groundproof/task';

export default defineTask({
  inputs: { ${inputs} },
  params: { type: 'object', properties: { ${params} }, additionalProperties: false },
  outputs: { ${outputs} },
  async run({ inputs, params, outputs, log, progress, signal }) {
${body}
  },
});
`;

/** Copies its input: the simplest task. */
export const copyTask = taskModule('outputs.out.write(readFileSync(inputs.from));', { inputs: 'from: file()' });

/** In a task: waits until the file `params.gate` exists. Tests hold and release tasks instead of sleeping. */
export const waitForGate = `
    await new Promise((resolve) => {
      const folder = params.gate.slice(0, params.gate.lastIndexOf('/'));
      const watcher = watch(folder, look);
      function look() {
        if (!existsSync(params.gate)) return;
        watcher.close();
        resolve();
      }
      look();
    });`;

export const gateParam = "gate: { type: 'string' }";
