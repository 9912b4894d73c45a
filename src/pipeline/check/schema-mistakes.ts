/** What ajv found wrong -> diagnostics on the exact nodes, in plain English, each mistake once. */
import type { ErrorObject } from 'ajv';
import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { nearest } from '../text/nearest.ts';
import type { Node } from '../text/node.ts';
import { suggestion } from '../text/words.ts';
import { phrase } from './phrase.ts';

/** How messages call what the schema describes. */
export interface Subject {
  /** `step 'detect'`: what holds the names at this path. */
  owner(path: readonly string[]): string;
  /** `parameter `, with its space; empty where a name needs no word. */
  noun(path: readonly string[]): string;
  /** Shown for the whole, and for what the document does not hold, such as a default. */
  readonly place: Range;
}

interface Found {
  readonly path: readonly string[];
  readonly error: ErrorObject;
  readonly schema: JsonObject;
}

interface Located {
  readonly node: Node;
  /** Where the value's name was written; null for the root and for items of a list. */
  readonly key: Range | null;
  readonly label: string;
}

/** @param errors of ajv with `allErrors` and `verbose`. */
export function schemaMistakes(errors: readonly ErrorObject[], root: Node, subject: Subject): readonly Diagnostic[] {
  const found = withoutParts(errors).map(
    (error): Found => ({ error, path: pathOf(error), schema: (error.parentSchema ?? {}) as JsonObject }),
  );
  // A misspelt name is one mistake, not also the lack of the right one.
  const meant = new Set(found.flatMap(({ path, error, schema }) => [...meantNames(path, error, schema)]));
  const diagnostics = new Map<string, Diagnostic>();
  for (const one of found) {
    if (lacks(one).some((name) => meant.has(JSON.stringify([...one.path, name])))) continue;
    const diagnostic = diagnose(one, root, subject);
    const { range } = diagnostic;
    diagnostics.set(`${range.start} ${range.end} ${diagnostic.message}`, diagnostic);
  }
  return [...diagnostics.values()];
}

/** Leaves out what only repeats another error: branches of anyOf and oneOf, and the wrappers of others. */
function withoutParts(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue;
    choices.set(error.instancePath, [...(choices.get(error.instancePath) ?? []), error]);
  }
  const isPart = (error: ErrorObject): boolean =>
    andAbove(error.instancePath).some((path) =>
      choices
        .get(path)
        ?.some(
          (choice) =>
            choice !== error && (error.schemaPath.startsWith(`${choice.schemaPath}/`) || hidesUnknown(error, choice)),
        ),
    );
  return errors.filter((error) => !wrappers.has(error.keyword) && !isPart(error));
}

/** `/steps/a`, `/steps` and the root. */
function andAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

const wrappers = new Set(['if', 'propertyNames', 'allOf']);

/** Where no branch fits, which names are known and which belong together is not settled. */
const hidesUnknown = (error: ErrorObject, choice: ErrorObject): boolean =>
  error.instancePath === choice.instancePath &&
  (error.keyword === 'unevaluatedProperties' || error.keyword === 'dependentRequired');

const pathOf = ({ instancePath }: ErrorObject): readonly string[] =>
  instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const unknownName = ({ params }: ErrorObject): string | undefined =>
  (params.additionalProperty ?? params.unevaluatedProperty) as string | undefined;

const namesOf = (schema: JsonObject): readonly string[] => Object.keys((schema.properties ?? {}) as JsonObject);

function* meantNames(path: readonly string[], error: ErrorObject, schema: JsonObject): Generator<string> {
  const unknown = unknownName(error);
  const near = unknown === undefined ? undefined : nearest(unknown, namesOf(schema));
  if (near !== undefined) yield JSON.stringify([...path, near]);
}

/** The names whose lack is the mistake. */
function lacks({ error, schema }: Found): readonly string[] {
  if (error.keyword === 'required') return [error.params.missingProperty as string];
  if (error.keyword !== 'oneOf' || error.params.passingSchemas !== null) return [];
  return (schema.oneOf as readonly JsonObject[]).flatMap(({ required }) => (required ?? []) as readonly string[]);
}

function diagnose({ path, error, schema }: Found, root: Node, subject: Subject): Diagnostic {
  const found = locate(root, path);
  if (found === null) {
    const message = `the task's own default for '${path.join('.')}' is not ${phrase(schema)}`;
    return { range: subject.place, message, hint: 'correct the task, or write a value' };
  }
  const { node, key, label } = found;
  const whole = path.length === 0 ? subject.place : node.kind === 'scalar' ? node.range : (key ?? node.range);
  const keyOf = (name: string): Range => (node.kind === 'map' ? (node.entries.get(name)?.key ?? whole) : whole);
  const own = sentence(schema);

  const unknown = unknownName(error);
  if (unknown !== undefined) {
    const message = `${subject.owner(path)} has no ${subject.noun(path)}'${unknown}'`;
    return { range: keyOf(unknown), message, ...suggestion(unknown, namesOf(schema), 'it can have') };
  }
  if (error.propertyName !== undefined) {
    const range = keyOf(error.propertyName);
    return {
      range,
      message: own ?? `the name '${error.propertyName}' must be ${phrase({ type: 'string', ...schema })}`,
    };
  }
  switch (error.keyword) {
    case 'required': {
      const missing = error.params.missingProperty as string;
      const wanted = ((schema.properties ?? {}) as JsonObject)[missing];
      const hint = wanted === undefined ? {} : { hint: sentence(wanted) ?? `it must be ${phrase(wanted)}` };
      return { range: whole, message: `${subject.owner(path)} needs ${subject.noun(path)}'${missing}'`, ...hint };
    }
    case 'dependentRequired': {
      const { property, missingProperty } = error.params as { property: string; missingProperty: string };
      return { range: keyOf(property), message: `'${property}' goes only with '${missingProperty}'` };
    }
    case 'minProperties':
      return { range: whole, message: own ?? `${label} must hold ${schema.minProperties} or more entries` };
    case 'uniqueItems': {
      const { j } = error.params as { j: number };
      const item = node.kind === 'list' ? node.items[j] : undefined;
      return { range: item?.range ?? whole, message: `${label} holds the same value twice` };
    }
    default:
      // Of a value that is no text at all, its pattern is not worth speaking of.
      if (error.keyword === 'type' && schema.type === 'string') {
        return { range: whole, message: `${label} must be text`, ...quotesHint(node) };
      }
      return { range: whole, message: own ?? `${label} must be ${phrase(schema)}`, ...repair(node, error, schema) };
  }
}

/** What a schema itself says of values that do not fit. */
const sentence = (schema: Json): string | null => {
  const own = (schema as JsonObject).errorMessage;
  return typeof own === 'string' ? own : null;
};

/** Follows a path through the tree; null where the document does not hold it. */
function locate(root: Node, path: readonly string[]): Located | null {
  let at: Located = { node: root, key: null, label: 'the pipeline' };
  for (const name of path) {
    const { node, label } = at;
    if (node.kind === 'map') {
      const entry = node.entries.get(name);
      if (entry === undefined) return null;
      at = { node: entry.value, key: entry.key, label: `'${name}'` };
    } else if (node.kind === 'list') {
      const item = node.items[Number(name)];
      if (item === undefined) return null;
      at = { node: item, key: null, label: `item ${Number(name) + 1} of ${label}` };
    } else return null;
  }
  return at;
}

/** What to do about a value of the wrong form, where that can be told. */
function repair(node: Node, error: ErrorObject, schema: JsonObject): { readonly hint?: string } {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return {};
  if (error.keyword === 'enum') {
    const texts = (schema.enum as readonly Json[]).filter((value) => typeof value === 'string');
    const near = nearest(node.value, texts);
    return near === undefined ? {} : { hint: `did you mean '${near}'?` };
  }
  const isQuoted = writtenText(node) !== node.value;
  const isNumber = /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(node.value);
  const wanted = [schema.type ?? []].flat();
  if (!isQuoted || !isNumber || !(wanted.includes('number') || wanted.includes('integer'))) return {};
  return { hint: `write it without quotes: ${node.value}` };
}

/** A number, a date or `{recording}` without quotes is no text in YAML. */
function quotesHint(node: Node): { readonly hint?: string } {
  const written = writtenText(node);
  if (node.kind === 'scalar') return node.value === null ? {} : { hint: `put it in quotes: "${written}"` };
  return /^[[{][^\n]*$/.test(written) ? { hint: `put it in quotes if it is one text: "${written}"` } : {};
}

const writtenText = ({ range: { source, start, end } }: Node): string => source.text.slice(start, end);
