/** Builds the whole page: a single self-contained file, readable without its script. */
import { type Html, html, trusted } from './html.ts';
import { type JudgedRecording, overview, publishedMark } from './overview.ts';
import chart from './page/chart.css';
import licenses from './page/licenses.txt';
import script from './page/main.ts?script';
import narrow from './page/narrow.css';
import overviewStyle from './page/overview.css';
import page from './page/page.css';
import print from './page/print.css';
import recordingStyle from './page/recording.css';
import { shapeDefinitions, verdictMark } from './verdict-mark.ts';

/** In order: later rules override earlier rules. */
const STYLE = [page, overviewStyle, recordingStyle, chart, narrow, print].join('\n');

/** Forbids every request, regardless of the content; 'unsafe-eval' because Vega compiles its expressions to functions. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; base-uri 'none'; form-action 'none'";

export interface ReportedRecording extends JudgedRecording {
  /** HTML of the recording's section, below its name. */
  readonly section: string;
}

export function pageOf(title: string, recordings: readonly ReportedRecording[]): string {
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="color-scheme" content="light dark">
<script>document.documentElement.classList.add('script')</script>
<title>${title}</title><style>${trusted(STYLE)}</style></head>
<body>${shapeDefinitions}<a class="skip" href="#content">Skip to the recordings</a>
<header class="page"><h1><a href="#">${title}</a></h1><button type="button" class="theme" aria-pressed="false" hidden>Dark</button></header>
<main id="content" tabindex="-1">${overview(recordings)}${recordings.map((recording, i) => article(recording, recordings[i - 1], recordings[i + 1]))}</main>
<footer>Made by groundproof from the pipeline's tables; it holds all that it shows and asks for nothing. Charts are
drawn by Vega (BSD-3-Clause, University of Washington Interactive Data Lab) with D3 (ISC, Mike Bostock).</footer>
<!--
${trusted(licenses)}-->
<script>${trusted(script.replaceAll('</script', '<\\/script'))}</script></body></html>
`;
  return document.html;
}

function article(
  { recording, verdict, published, agrees, reason, section }: ReportedRecording,
  before: ReportedRecording | undefined,
  after: ReportedRecording | undefined,
): Html {
  const step = (to: ReportedRecording | undefined, rel: string, arrow: string) =>
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
