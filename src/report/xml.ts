/** What XML 1.0 has no way to say: control characters, lone surrogates, two that are no characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const UNSPEAKABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in XML or HTML, in an attribute too. */
export const escaped = (text: string): string =>
  text.replaceAll(UNSPEAKABLE, '').replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
