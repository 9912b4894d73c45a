import { fileURLToPath } from 'node:url';

/** The only fonts: Inter, SIL Open Font License 1.1 (`fonts/OFL.txt`). */
export const regular = new URL('./fonts/Inter-Regular.ttf', import.meta.url);
export const semiBold = new URL('./fonts/Inter-SemiBold.ttf', import.meta.url);

/** The same with the glyphs of `LATIN` only, a seventh in size. */
const latin = [
  new URL('./fonts/Inter-Regular-Latin.ttf', import.meta.url),
  new URL('./fonts/Inter-SemiBold-Latin.ttf', import.meta.url),
];

/**
 * As `pyftsubset Inter-Regular.ttf --unicodes=... --no-hinting --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14,16,17`
 * was told, with line ends.
 */
export const LATIN =
  /^[\n\r\t\u{20}-\u{7e}\u{a0}-\u{ff}\u{2010}-\u{2015}\u{2018}-\u{201f}\u{2022}\u{2026}\u{2190}-\u{2193}\u{2212}\u{2264}\u{2265}]*$/u;

/** What draws the text of an SVG: the renderer reads a whole font file again for every glyph, so the smallest that has them all. */
export const fontFilesFor = (svg: string): string[] =>
  (LATIN.test(svg) && !svg.includes('&#') ? latin : [regular, semiBold]).map((font) => fileURLToPath(font));
