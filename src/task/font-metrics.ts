/** Measures text by the font itself: OpenType tables `head`, `hhea`, `hmtx` and `cmap` (format 4). */

/**
 * Reads the bytes of a TrueType font; returns a function that gives the advance width of a text in em, without
 * kerning. Characters that the font lacks are as wide as its `.notdef`.
 */
export function textWidths(font: Uint8Array): (text: string) => number {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    tables.set(String.fromCharCode(...font.subarray(entry, entry + 4)), view.getUint32(entry + 8));
  }
  const at = (tag: string): number => tables.get(tag) ?? 0;
  const unitsPerEm = view.getUint16(at('head') + 18);
  const metrics = view.getUint16(at('hhea') + 34);
  const glyphOf = glyphs(view, at('cmap'));
  const advance = (glyph: number) => view.getUint16(at('hmtx') + 4 * Math.min(glyph, metrics - 1));
  return (text) => {
    let units = 0;
    for (const character of text) units += advance(glyphOf(character.codePointAt(0) ?? 0));
    return units / unitsPerEm;
  };
}

/** Finds the glyph of a code point in the segments of the format 4 subtable (Unicode's first 65,536 code points). */
function glyphs(view: DataView, cmap: number): (codePoint: number) => number {
  let start = 0;
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const subtable = cmap + view.getUint32(cmap + 8 + 8 * i);
    if (view.getUint16(subtable) === 4) start = subtable;
  }
  if (start === 0) throw new Error('the font has no cmap subtable of format 4');
  const segments = view.getUint16(start + 6) / 2;
  const column = (n: number, segment: number) => start + 14 + 2 * (n * segments + segment) + (n > 0 ? 2 : 0);
  return (codePoint) => {
    for (let segment = 0; segment < segments; segment++) {
      if (codePoint > view.getUint16(column(0, segment))) continue;
      const first = view.getUint16(column(1, segment));
      if (codePoint < first) return 0;
      const delta = view.getUint16(column(2, segment));
      const rangeAt = column(3, segment);
      const range = view.getUint16(rangeAt);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(rangeAt + range + 2 * (codePoint - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
