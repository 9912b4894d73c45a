/** Figures as parts of a page. */
import { figureSvg } from 'groundwork/task';
import type { Spec } from 'vega';
import { type Html, html, trusted } from './html.ts';

/** A figure that stands in the page, readable without a script; `label` is for those who cannot see it. */
export async function chart(spec: Spec, label: string): Promise<Html> {
  const svg = await figureSvg(spec);
  return trusted(
    svg.replace(
      /^<svg [^>]*?(?= width=)/,
      html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${label}"`.html,
    ),
  );
}
