/** Puts figures into a page. */
import { figureSvg } from 'groundproof/task';
import type { Spec } from 'vega';
import { type Html, html, trusted } from './html.ts';

/** Renders a figure as inline SVG, readable without a script; `label` is for readers who cannot see it. */
export async function chart(spec: Spec, label: string): Promise<Html> {
  const svg = await figureSvg(spec);
  const [, size = '', content = ''] = /^<svg [^>]*?( width=[^>]*)>(.*)$/s.exec(svg) ?? [];
  const root = html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${label}"`;
  return trusted(`${root.html}${size}>${stripped(content)}`);
}

/** Removes names and roles of marks (the label replaces them), empty backgrounds, the font, and digits too fine to see. */
const stripped = (content: string): string =>
  content
    .replaceAll(/<path class="background"[^>]*\/>/g, '')
    .replaceAll(/ (?:class|role|aria-[a-z]+|font-family|pointer-events|stroke-miterlimit)="[^"]*"/g, '')
    .replaceAll(/ (?:opacity="1"|transform="translate\(0,0\)")/g, '')
    .replaceAll('<path d="" display="none"/>', '')
    .replaceAll(/(\.\d\d)\d+/g, '$1')
    .replaceAll('<g></g>', '');
