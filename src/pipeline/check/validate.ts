/** Checks the form of a document against the JSON Schema; `check.ts` then checks the meaning of its names. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { pipelineSchema } from '../../../schemas/pipeline.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { isMap, type Node, toJson } from '../text/node.ts';
import { schemaMistakes } from './schema-mistakes.ts';

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  if (compiled === undefined) {
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      ownProperties: true,
      strictTypes: false,
      strictRequired: false,
      // A test checks the schema against its meta-schema; here that would cost more than everything else.
      validateSchema: false,
      code: { optimize: false },
    });
    ajv.addVocabulary(['errorMessage']);
    compiled = ajv.compile(pipelineSchema);
  }
  return compiled;
}

export function validateDocument(root: Node): readonly Diagnostic[] {
  const validate = validator();
  if (validate(toJson(root))) return [];
  const [first] = isMap(root) ? root.entries.values() : [];
  const range = first?.key ?? { ...root.range, end: root.range.start + 1 };
  return schemaMistakes(validate.errors ?? [], root, { owner, noun: () => '', range });
}

/** `['steps', 'detect', 'inputs', 'juxta']` -> `input 'juxta'`. */
function owner(path: readonly string[]): string {
  const name = path.at(-1);
  if (name === undefined) return 'a pipeline';
  if (path.length === 2 && path[0] === 'steps') return `step '${name}'`;
  if (path.length === 4 && path[2] === 'inputs') return `input '${name}'`;
  return `'${name}'`;
}
