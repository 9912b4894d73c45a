/** Builds a recording's section of the page, below its name and verdict. */
import { juxtaTrace, tracePlot } from '../figure/juxta-trace.ts';
import { chart } from './chart.ts';
import { type Html, html, jsonData } from './html.ts';
import type { PageTrace, ReadTrace } from './trace/page-trace.ts';

export interface SectionParts {
  /** Describes the synthetic parts of the recording; null for a real recording. */
  readonly modelled: string | null;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly criteria: Html;
  readonly amplitudes: Html;
  readonly tail: Html;
  readonly missed: Html;
  readonly trace: { readonly page: PageTrace; readonly read: ReadTrace };
  /** Describes the order of the electrodes in the footprint. */
  readonly order: string;
  readonly footprint: Html;
  readonly waveform: Html;
  /** Events of the cell that only the array shows, with the pipette's mean trace at them; null if the array was not asked. */
  readonly onArrayAlone: { readonly count: number; readonly picture: Html | null } | null;
  readonly load: string;
}

export async function recordingSection(recording: string, parts: SectionParts): Promise<Html> {
  const { facts, criteria, amplitudes, tail, missed, trace, order, footprint, waveform, onArrayAlone, load } = parts;
  return html`${modelledNote(parts.modelled)}<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<section class="wide"><h3>Criteria</h3>${criteria}</section>
<section class="left"><h3>Amplitudes</h3>
<p class="note">Each dot is a spike, time runs down. Bands: 1 to 5 MAD of the noise. Dashed: the detection threshold; a
distribution that it cuts off has lost spikes.</p>${scrolling(amplitudes, 'Amplitudes')}</section>
<section class="right"><h3>Across the threshold</h3>
<p class="note">Do the spikes go on below it? Line: peaks of the other sign, as far from the baseline, which are noise.</p>
${scrolling(tail, 'Across the threshold')}
<h3>Missed spikes over time</h3>
<p class="note">Estimated in windows, with 99.7 % intervals. Dashed: the limit. Orange: something speaks for missed spikes.</p>
${scrolling(missed, 'Missed spikes over time')}</section>
<section class="wide trace"><h3>Juxta trace</h3>
<p class="note">Grey: the extremes of the trace in every ${milliseconds(trace.read)} ms. <b class="data">Dots</b>: detected spikes. Of those nearest to the
threshold, <b class="accent">rings</b> were detected and <b class="accent">diamonds</b> were not; zoomed in, every sample around them is drawn.</p>
<div class="plot">${await traceChart(recording, trace.read)}</div>
<script type="application/json" class="trace-data">${jsonData(trace.page)}</script></section>
<section class="left"><h3>On the array</h3>
<p class="note">The median waveform of every electrode when the cell fires, ${order}.</p>
${scrolling(footprint, 'On the array')}</section>
<section class="right"><h3>Best electrode</h3>${scrolling(waveform, 'Best electrode')}${onArrayAlone && arrayAlone(onArrayAlone)}</section>
<section class="wide"><h3>Load it in SpikeInterface</h3>
<p class="note">From the folder of the results.</p><pre tabindex="0" aria-label="Python"><code>${load}</code></pre></section>`;
}

function arrayAlone({ count, picture }: NonNullable<SectionParts['onArrayAlone']>): Html {
  const heading = html`<h3>Seen by the array alone</h3>`;
  if (picture === null)
    return html`${heading}<p class="note">No event like the cell without a spike of the pipette.</p>`;
  return html`${heading}<p class="note">The pipette's mean trace at the ${count} events like the cell that are none of its spikes. Dashed: the threshold. A spike here
was missed; a flat line is another cell, or a contact that was lost. None of them enters the ground truth.</p>${scrolling(picture, 'Seen by the array alone')}`;
}

const modelledNote = (modelled: string | null) =>
  modelled === null
    ? ''
    : html`<p class="modelled"><strong>Modelled data.</strong> Not recorded but made up: ${modelled}.</p>`;

/** The whole trace, shown until the page's script draws it. */
async function traceChart(recording: string, trace: ReadTrace): Promise<Html> {
  const { noise, peakSign, samples, samplingRate } = trace;
  const plot = tracePlot(trace, noise, peakSign, { width: 640, height: 300 });
  const whole = { from: 0, to: samples / samplingRate };
  return scrolling(
    await chart(juxtaTrace(trace, { noise, sign: peakSign }, whole, plot), `Juxta trace of ${recording}`),
    'Juxta trace',
  );
}

const milliseconds = ({ bin, samplingRate }: ReadTrace): number => Number(((bin * 1000) / samplingRate).toPrecision(3));

/** Makes a figure scroll on a narrow screen, instead of becoming too small to read. */
const scrolling = (figure: Html, label: string): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${figure}</div>`;
