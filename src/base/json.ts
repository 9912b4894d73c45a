/** A JSON value, as parameters and preimages hold them. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** What an object holds under a name that a person chose: `toString` is a step like any other. */
export const entryAt = <V>(object: { readonly [name: string]: V }, name: string): V | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/**
 * The one text of a JSON value: names sorted by code unit, no white space, numbers as ECMAScript prints
 * them (so -0 is 0), as in RFC 8785. A number that JSON has no word for is a bug of the caller.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value as { [name: string]: Json })
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`not a JSON number: ${value}`);
  return JSON.stringify(value);
}
