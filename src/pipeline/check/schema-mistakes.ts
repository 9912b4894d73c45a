/** Turns errors of ajv into diagnostics on the exact nodes, in plain English, each mistake once. */
import type { ErrorObject } from 'ajv';
import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { nearest } from '../text/nearest.ts';
import type { Node } from '../text/node.ts';
import { suggestion } from '../text/suggestion.ts';
import { phrase } from './phrase.ts';

/** The words by which messages name the checked value. */
export interface Subject {
  /** Names the map at this path: `step 'detect'`. */
  owner(path: readonly string[]): string;
  /** `parameter `, with its space; empty if a name needs no noun. */
  noun(path: readonly string[]): string;
  /** Marked for mistakes of the whole value, or of a value outside the document, such as a default. */
  readonly range: Range;
}

interface SchemaError {
  readonly path: readonly string[];
  readonly error: ErrorObject;
  readonly schema: JsonObject;
}

interface LocatedNode {
  readonly node: Node;
  /** The range of the value's name; null for the root and for items of a list. */
  readonly key: Range | null;
  readonly label: string;
}

/** @param errors of ajv with `allErrors` and `verbose`. */
export function schemaMistakes(errors: readonly ErrorObject[], root: Node, subject: Subject): readonly Diagnostic[] {
  const found = withoutRepeats(errors).map(
    (error): SchemaError => ({ error, path: pathOf(error), schema: (error.parentSchema ?? {}) as JsonObject }),
  );
  // Report a misspelt name only as unknown, not as missing as well.
  const misspelt = new Set(found.flatMap((error) => misspeltPath(error) ?? []));
  const diagnostics = new Map<string, Diagnostic>();
  for (const error of found) {
    if (missingNames(error).some((name) => misspelt.has(JSON.stringify([...error.path, name])))) continue;
    const diagnostic = diagnose(error, root, subject);
    const { range } = diagnostic;
    diagnostics.set(`${range.source.name} ${range.start} ${range.end} ${diagnostic.message}`, diagnostic);
  }
  return [...diagnostics.values()];
}

/** Drops errors that repeat another error: branches of anyOf and oneOf, and the keywords that wrap other keywords. */
function withoutRepeats(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') continue;
    choices.set(error.instancePath, [...(choices.get(error.instancePath) ?? []), error]);
  }
  const isBranch = (error: ErrorObject): boolean =>
    selfAndAncestors(error.instancePath).some((path) =>
      choices
        .get(path)
        ?.some(
          (choice) =>
            choice !== error && (error.schemaPath.startsWith(`${choice.schemaPath}/`) || hidesUnknown(error, choice)),
        ),
    );
  return errors.filter((error) => !WRAPPERS.has(error.keyword) && !isBranch(error));
}

/** `/steps/a` -> the root, `/steps`, `/steps/a`. */
function selfAndAncestors(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

const WRAPPERS = new Set(['if', 'propertyNames', 'allOf']);

/** If no branch fits, it is open which names are known and which names belong together. */
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

/** The path, as JSON, of the right name if the error is a misspelt name. */
function misspeltPath({ path, error, schema }: SchemaError): string | undefined {
  const unknown = unknownName(error);
  const near = unknown === undefined ? undefined : nearest(unknown, namesOf(schema));
  return near === undefined ? undefined : JSON.stringify([...path, near]);
}

/** The names whose absence is the mistake. */
function missingNames({ error, schema }: SchemaError): readonly string[] {
  if (error.keyword === 'required') return [error.params.missingProperty as string];
  if (error.keyword !== 'oneOf' || error.params.passingSchemas !== null) return [];
  return (schema.oneOf as readonly JsonObject[]).flatMap(({ required }) => (required ?? []) as readonly string[]);
}

function diagnose({ path, error, schema }: SchemaError, root: Node, subject: Subject): Diagnostic {
  const found = locate(root, path);
  if (found === null) {
    const message = `the task's own default for '${path.join('.')}' is not ${phrase(schema)}`;
    return { range: subject.range, message, hint: 'correct the task, or write a value' };
  }
  const { node, label } = found;
  const range = path.length === 0 ? subject.range : rangeOf(found);
  const keyOf = (name: string): Range => (node.kind === 'map' ? (node.entries.get(name)?.key ?? range) : range);
  const ownMessage = errorMessageOf(schema);

  const unknown = unknownName(error);
  if (unknown !== undefined) {
    const message = `${subject.owner(path)} has no ${subject.noun(path)}'${unknown}'`;
    return { range: keyOf(unknown), message, ...suggestion(unknown, namesOf(schema), 'it can have') };
  }
  if (error.propertyName !== undefined) {
    return {
      range: keyOf(error.propertyName),
      message: ownMessage ?? `the name '${error.propertyName}' must be ${phrase({ type: 'string', ...schema })}`,
    };
  }
  switch (error.keyword) {
    case 'required': {
      const missing = error.params.missingProperty as string;
      const wanted = ((schema.properties ?? {}) as JsonObject)[missing];
      const hint = wanted === undefined ? {} : { hint: errorMessageOf(wanted) ?? `it must be ${phrase(wanted)}` };
      return { range, message: `${subject.owner(path)} needs ${subject.noun(path)}'${missing}'`, ...hint };
    }
    case 'dependentRequired': {
      const { property, missingProperty } = error.params as { property: string; missingProperty: string };
      return { range: keyOf(property), message: `'${property}' goes only with '${missingProperty}'` };
    }
    case 'minProperties':
      return { range, message: ownMessage ?? `${label} must hold ${schema.minProperties} or more entries` };
    case 'uniqueItems': {
      const { j } = error.params as { j: number };
      const item = node.kind === 'list' ? node.items[j] : undefined;
      return { range: item?.range ?? range, message: `${label} holds the same value twice` };
    }
    default:
      // Do not mention the pattern if the value is not even text.
      if (error.keyword === 'type' && schema.type === 'string') {
        return { range, message: `${label} must be text`, ...quotesHint(node) };
      }
      return { range, message: ownMessage ?? `${label} must be ${phrase(schema)}`, ...repair(node, error, schema) };
  }
}

/** A scalar's own range; of a list or map, which may be long, only the name. */
const rangeOf = ({ node, key }: LocatedNode): Range => (node.kind === 'scalar' ? node.range : (key ?? node.range));

/** The message that the schema itself has for values that do not fit. */
const errorMessageOf = (schema: Json): string | null => {
  const { errorMessage } = schema as JsonObject;
  return typeof errorMessage === 'string' ? errorMessage : null;
};

/** Follows a path through the tree; null if the document does not contain it. */
function locate(root: Node, path: readonly string[]): LocatedNode | null {
  let at: LocatedNode = { node: root, key: null, label: 'the pipeline' };
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

/** Hints how to repair a value of the wrong form, if that can be guessed. */
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

/** In YAML a number, a date or `{recording}` without quotes is not text. */
function quotesHint(node: Node): { readonly hint?: string } {
  const written = writtenText(node);
  if (node.kind === 'scalar') return node.value === null ? {} : { hint: `put it in quotes: "${written}"` };
  return /^[[{][^\n]*$/.test(written) ? { hint: `put it in quotes if it is one text: "${written}"` } : {};
}

const writtenText = ({ range: { source, start, end } }: Node): string => source.text.slice(start, end);
