/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Reads a property that the object itself holds. People choose step names, and a step may be called `toString`. */
export const ownProperty = <V>(object: { readonly [name: string]: V }, name: string): V | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Orders strings by UTF-16 code units, the same on every machine and in every locale. */
const byCodeUnits = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/**
 * Prints a JSON value as canonical text (RFC 8785): names sorted by code unit, no white space, numbers as ECMAScript
 * prints them (so -0 is 0). Throws for NaN and infinity, which JSON cannot express: passing them is a bug of the caller.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value as { [name: string]: Json })
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => byCodeUnits(a, b))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`not a JSON number: ${value}`);
  return JSON.stringify(value);
}
