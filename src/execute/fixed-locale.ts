/**
 * Makes the locale of a thread American English, whoever starts the run. Node takes it from the environment when the
 * process begins, for all threads and for good; so what asks for no locale is given this one here.
 */
const LOCALE = 'en-US';

/** Which argument of each method names the locale. */
const METHODS: readonly (readonly [object, { readonly [method: string]: number }])[] = [
  [Number.prototype, { toLocaleString: 0 }],
  [BigInt.prototype, { toLocaleString: 0 }],
  [Date.prototype, { toLocaleString: 0, toLocaleDateString: 0, toLocaleTimeString: 0 }],
  [String.prototype, { localeCompare: 1, toLocaleLowerCase: 0, toLocaleUpperCase: 0 }],
];

type Words = readonly unknown[];
const withLocale = (words: Words, at: number): unknown[] => {
  const given = [...words];
  given[at] ??= LOCALE;
  return given;
};

export function fixLocale(): void {
  for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(Intl))) {
    if (typeof own.value !== 'function' || !('supportedLocalesOf' in own.value)) continue;
    const value = new Proxy(own.value, {
      construct: (target, words: Words, newTarget) => Reflect.construct(target, withLocale(words, 0), newTarget),
      apply: (target, self, words: Words) => Reflect.apply(target, self, withLocale(words, 0)),
    });
    Object.defineProperty(Intl, name, { ...own, value });
  }
  for (const [prototype, methods] of METHODS) {
    for (const [name, at] of Object.entries(methods)) {
      replace(prototype, name, (original) => ({
        [name](...words: unknown[]) {
          return Reflect.apply(original, this, withLocale(words, at));
        },
      }));
    }
  }
  // They name the zone in the process's language.
  for (const name of ['toString', 'toTimeString']) {
    replace(Date.prototype, name, (original) => ({
      [name]() {
        return String(Reflect.apply(original, this, [])).replace(/\(.*\)$/, '(Coordinated Universal Time)');
      },
    }));
  }
}

type Method = (...words: unknown[]) => unknown;

function replace(owner: object, name: string, make: (original: Method) => { readonly [name: string]: Method }): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  if (own === undefined) return;
  Object.defineProperty(owner, name, { ...own, value: make(own.value)[name] });
}
