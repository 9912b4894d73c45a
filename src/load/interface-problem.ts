import { Ajv2020 } from 'ajv/dist/2020.js';
import { taskInterfaceSchema } from '../../schemas/task-interface.ts';
import type { TaskInterface } from '../task/define.ts';

/** Shared by all tasks: compiling, above all of meta-schemas, costs more than all checks. */
const ajv = new Ajv2020({
  discriminator: true,
  allowUnionTypes: true,
  // A test checks our own schema against its meta-schema.
  validateSchema: false,
  code: { optimize: false },
});

/** Describes the first mistake in a task's declaration by a sentence; undefined if it is right. */
export function interfaceProblem(declared: TaskInterface): string | undefined {
  if (!ajv.validate(taskInterfaceSchema, declared)) {
    const [first] = ajv.errors ?? [];
    return `its declaration is wrong: ${first?.instancePath.replaceAll('/', '.').slice(1)} ${first?.message}`;
  }
  if (!ajv.validateSchema(declared.params)) {
    return `its params are no JSON Schema: ${ajv.errorsText(ajv.errors)}`;
  }
  const names = new Map<string, string>();
  for (const [name, port] of Object.entries(declared.outputs)) {
    const same = names.get(name.toLowerCase());
    if (same !== undefined)
      return `outputs ${same} and ${name} differ only in capitals: some systems give both one file`;
    names.set(name.toLowerCase(), name);
    if (port.kind === 'file' && port.extension === undefined) {
      return `output ${name} needs an extension: file('.raw')`;
    }
    if (port.kind === 'table' && port.headline !== undefined && !Object.hasOwn(port.table.columns, port.headline)) {
      return `output ${name} has no column ${port.headline} for its headline`;
    }
  }
  return undefined;
}

/** The problem of a module without a task as its default export. */
export const NO_TASK =
  'it has no task: a task module ends in `export default defineTask({ inputs, params, outputs, run })`';
