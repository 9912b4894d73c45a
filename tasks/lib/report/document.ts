/** The whole page: one file that needs no other, readable without its script. */
import { type Html, html, trusted } from './html.ts';
import { type Judged, overview, publishedMark } from './overview.ts';
import chart from './page/chart.css';
import licenses from './page/licenses.txt';
import script from './page/main.ts?script';
import narrow from './page/narrow.css';
import overviewStyle from './page/overview.css';
import page from './page/page.css';
import print from './page/print.css';
import recordingStyle from './page/recording.css';
import { shapeDefinitions, verdictMark } from './verdict-mark.ts';

/** Later ones have the last word. */
const style = [page, overviewStyle, recordingStyle, chart, narrow, print].join('\n');

/** Nothing is fetched, whatever stands in the page; Vega makes its expressions into functions. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; base-uri 'none'; form-action 'none'";

export interface Recording extends Judged {
  /** HTML of its view, below the name. */
  readonly section: string;
}

export function pageOf(title: string, recordings: readonly Recording[]): string {
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light dark">
<script>document.documentElement.classList.add('script')</script>
<title>${title}</title><style>${trusted(style)}</style></head>
<body>${shapeDefinitions}<a class="skip" href="#content">Skip to the recordings</a>
<header class="page"><h1><a href="#">${title}</a></h1><button type="button" class="theme" aria-pressed="false" hidden>Dark</button></header>
<main id="content" tabindex="-1">${overview(recordings)}${recordings.map((one, i) => article(one, recordings[i - 1], recordings[i + 1]))}</main>
<footer>Made by groundproof from the pipeline's tables; it holds all that it shows and asks for nothing. Charts are
drawn by Vega (BSD-3-Clause, University of Washington Interactive Data Lab) with D3 (ISC, Mike Bostock).</footer>
<!--
${trusted(licenses)}-->
<script>${trusted(script.replaceAll('</script', '<\\/script'))}</script></body></html>
`;
  return document.html;
}

function article(shown: Recording, before: Recording | undefined, after: Recording | undefined): Html {
  const { recording, verdict, published, agrees, reason, section } = shown;
  const step = (to: Recording | undefined, rel: string, arrow: string) =>
    to
      ? html`<a rel="${rel}" href="#${to.recording}"><span aria-hidden="true">${arrow}</span> ${to.recording}</a>`
      : html`<span></span>`;
  return html`<article id="${recording}" aria-labelledby="${recording}-heading">
<nav aria-label="Beside ${recording}"><a href="#">All recordings</a>${step(before, 'prev', '\u2190')}${step(after, 'next', '\u2192')}</nav>
<header><h2 id="${recording}-heading" tabindex="-1">${recording}</h2>${verdictMark(verdict)}
${published === null ? null : html`<span class="published">published: ${publishedMark(published, agrees)}</span>`}
<p class="why">${reason}</p></header>
<div class="grid">${trusted(section)}</div></article>`;
}
