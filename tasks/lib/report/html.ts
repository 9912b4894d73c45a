/** HTML that is safe by construction: what stands in a template is escaped, unless it is HTML itself. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | readonly Part[];

/** Null and an empty list leave nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.map((string, i) => (i === 0 ? string : textOf(parts[i - 1] ?? null) + string)).join(''),
});

/** Text that is HTML already. */
export const trusted = (text: string): Html => ({ html: text });

function textOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(textOf).join('');
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

/** JSON that may stand in a script element: nothing in it ends the element. */
export const jsonData = (value: unknown): Html => trusted(JSON.stringify(value).replaceAll('<', '\\u003c'));
