import { CONTROL_RANGE } from './controls.ts';

/** Characters that XML 1.0 does not allow: control characters, noncharacters, lone surrogates. */
const FORBIDDEN = new RegExp(`[${CONTROL_RANGE}\\ufffe\\uffff]|\\p{Surrogate}`, 'gu');

const ENTITIES: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for XML or HTML, attributes included. */
export const escaped = (text: string): string =>
  text.replaceAll(FORBIDDEN, '').replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
