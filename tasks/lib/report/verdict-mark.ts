import { type Html, html } from './html.ts';

const SHAPES: { readonly [verdict: string]: string } = { accept: 'disc', borderline: 'diamond', reject: 'cross' };

/** Shows a verdict as word, shape and colour. */
export const verdictMark = (verdict: string): Html =>
  html`<span class="verdict ${verdict}">${shape(SHAPES[verdict] ?? 'diamond')}${verdict}</span>`;

export const shape = (name: string): Html =>
  html`<svg class="shape" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><use href="#${name}"/></svg>`;

/** Shapes of the marks; a page contains them once. */
export const shapeDefinitions: Html = html`<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>
<circle id="disc" cx="8" cy="8" r="6" fill="currentColor"/>
<path id="diamond" d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="none" stroke="currentColor" stroke-width="2"/>
<path id="cross" d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="3"/>
<path id="dash" d="M3 8h10" fill="none" stroke="currentColor" stroke-width="2"/>
<path id="tick" d="M2.5 8.5l4 4 7-9" fill="none" stroke="currentColor" stroke-width="2"/>
</defs></svg>`;
