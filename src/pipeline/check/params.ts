/** Checks parameters against the task's JSON Schema and fills in defaults. */

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { TaskInterface } from '../../task/define.ts';
import { fillParams } from '../recording.ts';
import { type MapNode, toJson } from '../text/node.ts';
import type { StepDraft } from './draft.ts';
import { schemaMistakes } from './schema-mistakes.ts';

export interface CheckedParams {
  /** Every declared name, in the order of the declaration. */
  readonly params: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes a check that compiles each schema once: most shell steps have the same schema. A text with `{recording}` is
 * checked with the name of a recording filled in.
 */
export function paramsChecker(exampleRecording: string): (step: StepDraft, task: TaskInterface) => CheckedParams {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    ownProperties: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  ajv.addVocabulary(['errorMessage', 'unit', 'markdownDescription', 'enumDescriptions']);
  const compiled = new Map<string, ValidateFunction | string>();
  const compile = (task: TaskInterface): ValidateFunction | string => {
    const schema = JSON.stringify(task.params);
    const before = compiled.get(schema);
    if (before !== undefined) return before;
    const validate = compileOrReason(ajv, task.params);
    compiled.set(schema, validate);
    return validate;
  };
  return (step, task) => {
    const node: MapNode = { kind: 'map', range: step.paramsRange, entries: step.params };
    const params = toJson(node) as JsonObject;
    const validate = compile(task);
    const range = step.task?.text.range ?? step.key;
    if (typeof validate === 'string') {
      return { params, diagnostics: [{ range, message: `the task's parameters are declared wrongly: ${validate}` }] };
    }
    validate(params); // fills in the defaults
    if (validate(fillParams(params, exampleRecording)))
      return { params: ordered(params, task.params), diagnostics: [] };
    const diagnostics = schemaMistakes(validate.errors ?? [], node, {
      owner: (path) => (path.length === 0 ? `step '${step.name}'` : `'${path.at(-1)}'`),
      noun: (path) => (path.length === 0 ? 'parameter ' : ''),
      range: step.paramsRange,
    });
    return { params, diagnostics };
  };
}

/** Returns the reason, a text, if the schema is invalid. */
function compileOrReason(ajv: Ajv2020, schema: JsonObject): ValidateFunction | string {
  const names = Object.keys((schema.properties ?? {}) as JsonObject);
  try {
    return ajv.compile({ ...(closed(schema) as JsonObject), required: names });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Forbids unknown names, even if the schema forgot to. */
function closed(schema: Json): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const { properties, items, ...rest } = schema as JsonObject;
  const isMap = rest.type === 'object' && properties !== undefined;
  const isOpen = rest.additionalProperties === undefined && rest.unevaluatedProperties === undefined;
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: eachValue(properties as JsonObject, closed) }),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(isMap && isOpen ? { unevaluatedProperties: false } : {}),
  };
}

const eachValue = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function ordered(params: JsonObject, schema: JsonObject): JsonObject {
  const declared = Object.keys((schema.properties ?? {}) as JsonObject);
  const names = new Set([...declared, ...Object.keys(params)]);
  return Object.fromEntries([...names].map((name) => [name, params[name] as Json]));
}

/** Reports parameters that a command cannot hold: lists and maps. */
export const checkShellParams = (step: StepDraft): readonly Diagnostic[] =>
  [...step.params].flatMap(([name, { key, value }]) =>
    value.kind === 'scalar'
      ? []
      : [{ range: key, message: `parameter '${name}' of a command must be text, a number, true, false or null` }],
  );
