/** Describes the values that a JSON Schema allows by a noun phrase: `a whole number of 0 or more`. */
import type { Json, JsonObject } from '../../base/json.ts';
import { either } from '../text/suggestion.ts';

export function phrase(schema: Json | undefined): string {
  if (!isObject(schema)) return 'a value';
  if (schema.const !== undefined) return literal(schema.const);
  if (Array.isArray(schema.enum)) return either(schema.enum.map(literal));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return either([...new Set(alternatives.map(phrase))]);
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? 'of another form' : either(types.map((type) => ofType(type, schema)));
}

/** A value as messages show it: text in single quotes. */
const literal = (value: Json | undefined): string =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value ?? null);

function ofType(type: Json, schema: JsonObject): string {
  switch (type) {
    case 'number':
      return `a number${bounds(schema)}`;
    case 'integer':
      return `a whole number${bounds(schema)}`;
    case 'string':
      if (typeof schema.pattern === 'string') return `text that matches ${schema.pattern}`;
      if (typeof schema.format === 'string') return `text of the form '${schema.format}'`;
      return Number(schema.minLength ?? 0) > 0 ? 'text that is not empty' : 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${length(schema)}`;
    case 'object':
      return 'a map of names and values';
    default:
      return String(type);
  }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: JsonObject): string {
  const parts: string[] = [];
  if (minimum !== undefined && maximum !== undefined) parts.push(`from ${minimum} to ${maximum}`);
  else if (minimum !== undefined) parts.push(`of ${minimum} or more`);
  else if (maximum !== undefined) parts.push(`of ${maximum} or less`);
  if (exclusiveMinimum !== undefined) parts.push(`greater than ${exclusiveMinimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`less than ${exclusiveMaximum}`);
  const range = parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
  return multipleOf === undefined ? range : `${range} that is a multiple of ${multipleOf}`;
}

function length({ minItems, maxItems, uniqueItems }: JsonObject): string {
  const different = uniqueItems === true ? 'different ' : '';
  if (minItems !== undefined && minItems === maxItems) return ` of ${minItems} ${different}values`;
  if (minItems !== undefined && maxItems !== undefined) return ` of ${minItems} to ${maxItems} ${different}values`;
  if (minItems !== undefined) return ` of ${minItems} or more ${different}values`;
  if (maxItems !== undefined) return ` of at most ${maxItems} ${different}values`;
  return different === '' ? '' : ' of different values';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
