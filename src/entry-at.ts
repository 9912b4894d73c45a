/** What an object holds under a name that a person chose: `toString` is a step like any other. */
export const entryAt = <V>(object: { readonly [name: string]: V }, name: string): V | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;
