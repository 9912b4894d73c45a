/** HTML that is safe by construction: templates escape every value that is not HTML itself. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | readonly Part[];

/** Template tag; null and an empty list add nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.map((string, i) => (i === 0 ? string : textOf(parts[i - 1] ?? null) + string)).join(''),
});

/** Marks text as HTML, which is not escaped. */
export const trusted = (text: string): Html => ({ html: text });

function textOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(textOf).join('');
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Writes JSON for a script element: no `<` in it can end the element. */
export const jsonData = (value: unknown): Html => trusted(JSON.stringify(value).replaceAll('<', '\\u003c'));
