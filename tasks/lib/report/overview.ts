/** The first screen of the page: a row for each recording with its verdict and the reasons. */
import { agreementCounts } from '../verdict/agreement.ts';
import { type Html, html, trusted } from './html.ts';
import { shape, verdictMark } from './verdict-mark.ts';
import { amount, interval } from './words.ts';

export interface JudgedRecording {
  readonly recording: string;
  readonly verdict: string;
  readonly published: string | null;
  /** Null if nothing was published, or if the verdict is borderline. */
  readonly agrees: boolean | null;
  readonly reason: string;
  /** The made-up parts of the recording, with `; ` between them; null if it was recorded. */
  readonly modelled: string | null;
  /** SVG; empty if the recording has no section. */
  readonly sparkline: string;
  readonly criteria: readonly {
    readonly criterion: string;
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** Counts recordings by verdict, in the order of the page: accept, borderline, reject, others. */
export function verdictCounts(
  judged: readonly JudgedRecording[],
): readonly (readonly [verdict: string, count: number])[] {
  const verdicts = [...new Set(['accept', 'borderline', 'reject', ...judged.map(({ verdict }) => verdict)])];
  return verdicts.map(
    (verdict) => [verdict, judged.filter((recording) => recording.verdict === verdict).length] as const,
  );
}

export function overview(judged: readonly JudgedRecording[]): Html {
  const counts = verdictCounts(judged);
  return html`<section id="overview" aria-labelledby="overview-heading"><h2 id="overview-heading" class="unseen">Recordings</h2>
${modelledBanner(judged)}<p class="outcome-line">${counts.map(([verdict, count]) => html`<span><b>${count}</b> ${verdictMark(verdict)}</span>`)}
${agreement(judged)}</p>
<form class="filters" hidden>
<fieldset><legend class="unseen">Verdicts to show</legend>${counts.map(
    ([verdict]) =>
      html`<label><input type="checkbox" name="verdict" value="${verdict}" checked>${verdictMark(verdict)}</label>`,
  )}</fieldset>
<label class="find"><span>Find</span><input type="search" name="find" placeholder="name or reason"></label>
<output name="shown">${judged.length} recordings</output></form>
<table class="recordings"><caption>Amplitudes over time: each dot is a spike, dashed the detection threshold, grey the
noise within 5 MAD. At the threshold: spikes within one MAD of it. Missed: estimated share, with its 95 % interval.</caption><thead><tr><th scope="col">Verdict</th><th scope="col">Recording</th>
<th scope="col" class="plain">Amplitudes over time</th><th scope="col" class="number">Spikes</th>
<th scope="col" class="number">At the threshold</th><th scope="col" class="number">Missed</th>
<th scope="col" class="number">SNR</th><th scope="col">Published</th><th scope="col" class="plain">Why</th></tr></thead>
<tbody>${judged.map(row)}</tbody></table></section>`;
}

function row({ recording, verdict, published, agrees, reason, sparkline, criteria }: JudgedRecording): Html {
  const criterionNamed = (name: string) => criteria.find(({ criterion }) => criterion === name);
  return html`<tr data-verdict="${verdict}">
<td data-value="${verdict}">${verdictMark(verdict)}</td>
<th scope="row"${recording.length > LONG_NAME ? html` class="long"` : null}><a href="#${recording}">${recording}</a></th>
<td class="spark">${trusted(sparkline)}</td>
${cell('Spikes', criterionNamed('spike_count')?.value ?? null, '')}
${cell('At threshold', criterionNamed('edge_fraction')?.value ?? null, '%')}
${missedCell(criterionNamed('missed_fraction'))}
${cell('SNR', criterionNamed('peak_snr')?.value ?? null, '')}
<td class="published" data-label="Published" data-value="${published ?? ''}">${publishedMark(published, agrees)}</td>
<td class="why">${reason}</td></tr>`;
}

/** A cell with the share of missed spikes and its interval, or its lower bound if only that is known. */
function missedCell(missed: JudgedRecording['criteria'][number] | undefined): Html {
  const { value = null, low = null, high = null } = missed ?? {};
  const known = value === null && low !== null ? html`\u2265 ${amount(low, '%')}` : amount(value, '%');
  const between =
    value === null || high === null || high < NEGLIGIBLE
      ? null
      : html`<span class="interval">${interval(low, high, '%')}</span>`;
  return html`<td class="number" data-label="Missed" data-value="${value ?? low ?? ''}">${known}${between}</td>`;
}

/** Number of characters beyond which a name may be broken. */
const LONG_NAME = 24;

/** Share below which the interval is omitted. */
const NEGLIGIBLE = 0.0001;

const cell = (label: string, value: number | null, unit: '%' | ''): Html =>
  html`<td class="number" data-label="${label}" data-value="${value ?? ''}">${amount(value, unit)}</td>`;

/** Says on the first screen that recordings are rebuilt, and which of their parts are made up. */
function modelledBanner(judged: readonly JudgedRecording[]): Html | null {
  const modelled = judged.flatMap(({ modelled: parts }) => (parts === null ? [] : [partsOf(parts)]));
  if (modelled.length === 0) return null;
  const which = whichAre(modelled.length, judged.length);
  const parts = [...new Set(modelled.flat())].map((part) => {
    const count = modelled.filter((others) => others.includes(part)).length;
    return count === modelled.length ? part : `${part} (in ${count} of them)`;
  });
  return html`<p class="modelled"><strong>Modelled data.</strong> ${which} rebuilt, not recorded. Made up: ${parts.join('; ')}.</p>
`;
}

function whichAre(modelled: number, all: number): string {
  if (all === 1) return 'This recording is';
  return modelled === all ? `All ${all} recordings are` : `${modelled} of these ${all} recordings are`;
}

/** The names of the made-up parts, without the counts before them. */
const partsOf = (modelled: string): readonly string[] => modelled.split('; ').map((part) => part.replace(/^\d+ /, ''));

/** How many verdicts agree with the published list; those that are borderline do neither. */
function agreement(judged: readonly JudgedRecording[]): Html | null {
  const { known, agree, differ, borderline } = agreementCounts(judged);
  if (known === 0) return null;
  const others = [
    ...(differ > 0 ? [`${differ} ${differ === 1 ? 'differs' : 'differ'}`] : []),
    ...(borderline > 0 ? [`${borderline} borderline`] : []),
  ];
  return html`<span class="agreement"><b>${agree} of ${known}</b> agree with the published list${others.map((count) => `, ${count}`)}</span>`;
}

export function publishedMark(published: string | null, agrees: boolean | null): Html {
  if (published === null) return html`\u2013`;
  if (agrees === null)
    return html`<span class="undecided">${shape('diamond')}${published}<span class="unseen">, undecided</span></span>`;
  return agrees
    ? html`<span class="agrees">${shape('tick')}${published}<span class="unseen">, agrees</span></span>`
    : html`<span class="differs">${shape('cross')}${published}, differs</span>`;
}
