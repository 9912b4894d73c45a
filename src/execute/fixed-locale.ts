/**
 * Makes American English the locale of a thread, so that results do not depend on the user's. Node takes the locale from
 * the environment when the process begins, for all threads and for good. So calls that name no locale are given it here.
 */
const LOCALE = 'en-US';

/** The index of the argument that names the locale, by method. */
const METHODS: readonly (readonly [object, { readonly [method: string]: number }])[] = [
  [Number.prototype, { toLocaleString: 0 }],
  [BigInt.prototype, { toLocaleString: 0 }],
  [Date.prototype, { toLocaleString: 0, toLocaleDateString: 0, toLocaleTimeString: 0 }],
  [String.prototype, { localeCompare: 1, toLocaleLowerCase: 0, toLocaleUpperCase: 0 }],
];

type Args = readonly unknown[];
const withLocale = (args: Args, at: number): unknown[] => {
  const complete = [...args];
  complete[at] ??= LOCALE;
  return complete;
};

export function fixLocale(): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(Intl))) {
    if (typeof property.value !== 'function' || !('supportedLocalesOf' in property.value)) continue;
    const value = new Proxy(property.value, {
      construct: (target, args: Args, newTarget) => Reflect.construct(target, withLocale(args, 0), newTarget),
      apply: (target, self, args: Args) => Reflect.apply(target, self, withLocale(args, 0)),
    });
    Object.defineProperty(Intl, name, { ...property, value });
  }
  for (const [prototype, methods] of METHODS) {
    for (const [name, at] of Object.entries(methods)) {
      replace(prototype, name, (original) => ({
        [name](...args: unknown[]) {
          return Reflect.apply(original, this, withLocale(args, at));
        },
      }));
    }
  }
  // These name the time zone in the process's language.
  for (const name of ['toString', 'toTimeString']) {
    replace(Date.prototype, name, (original) => ({
      [name]() {
        return String(Reflect.apply(original, this, [])).replace(/\(.*\)$/, '(Coordinated Universal Time)');
      },
    }));
  }
}

type Method = (...args: unknown[]) => unknown;

function replace(owner: object, name: string, make: (original: Method) => { readonly [name: string]: Method }): void {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  if (property === undefined) return;
  Object.defineProperty(owner, name, { ...property, value: make(property.value)[name] });
}
