import { fileURLToPath } from 'node:url';

/** The only fonts: Inter, SIL Open Font License 1.1 (`fonts/OFL.txt`). */
export const regular = new URL('./fonts/Inter-Regular.ttf', import.meta.url);
export const semiBold = new URL('./fonts/Inter-SemiBold.ttf', import.meta.url);

/** The same fonts with only the glyphs of `LATIN`, a seventh in size. */
const latin = [
  new URL('./fonts/Inter-Regular-Latin.ttf', import.meta.url),
  new URL('./fonts/Inter-SemiBold-Latin.ttf', import.meta.url),
];

/**
 * Matches text that the small fonts can draw: line ends, and the code points given to
 * `pyftsubset Inter-Regular.ttf --unicodes=... --no-hinting --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14,16,17`.
 */
export const LATIN =
  /^[\n\r\t\u{20}-\u{7e}\u{a0}-\u{ff}\u{2010}-\u{2015}\u{2018}-\u{201f}\u{2022}\u{2026}\u{2190}-\u{2193}\u{2212}\u{2264}\u{2265}]*$/u;

/**
 * The paths of the smallest fonts that have all glyphs of an SVG: the renderer reads the whole font file again for
 * every glyph.
 */
export const fontFilesFor = (svg: string): string[] =>
  (LATIN.test(svg) && !svg.includes('&#') ? latin : [regular, semiBold]).map((font) => fileURLToPath(font));
