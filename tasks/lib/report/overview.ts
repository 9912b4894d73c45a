/** The first screen of the page: a row for each recording with its verdict and the reasons. */
import { type Html, html, trusted } from './html.ts';
import { shape, verdictMark } from './verdict-mark.ts';
import { amount, criterionWords, interval, limitAmount } from './words.ts';

export interface JudgedRecording {
  readonly recording: string;
  readonly verdict: string;
  readonly published: string | null;
  readonly agrees: boolean | null;
  readonly reason: string;
  /** SVG; empty if the recording has no section. */
  readonly sparkline: string;
  readonly criteria: readonly {
    readonly criterion: string;
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly limit: number;
    readonly outcome: string;
  }[];
}

/** Number of criteria that are given with their numbers; the others are only named. */
const MAX_DETAILED = 2;

/** Summarises the criteria that did not pass, failures first; the recording's section has the details. */
function summaryOf(criteria: JudgedRecording['criteria']): string {
  if (criteria.length === 0) return '';
  const rank = ['failed', 'doubtful', 'unknown'];
  const notPassed = criteria
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'unasked')
    .sort((a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome));
  const unasked = criteria.filter(({ outcome }) => outcome === 'unasked').length;
  if (notPassed.length === 0) return allPassed(criteria.length - unasked, unasked);
  const detailed = notPassed.slice(0, MAX_DETAILED).map(({ criterion, value, low, limit }) => {
    const { label, unit } = criterionWords(criterion);
    const known = value === null && low !== null ? `\u2265 ${amount(low, unit)}` : amount(value, unit);
    return `${label.toLowerCase()} ${value === null && low === null ? 'not known' : known} (limit ${limitAmount(limit, unit)})`;
  });
  const more = notPassed.slice(MAX_DETAILED).map(({ criterion }) => criterionWords(criterion).label.toLowerCase());
  return [detailed.join(', '), ...(more.length > 0 ? [`also ${more.join(', ')}`] : [])].join('; ');
}

const allPassed = (passed: number, unasked: number): string =>
  unasked === 0 ? `all ${passed} criteria passed` : `${passed} criteria passed, ${unasked} not asked of the array`;

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
  const known = judged.filter(({ published }) => published !== null);
  const agreeing = known.filter(({ agrees }) => agrees).length;
  const counts = verdictCounts(judged);
  return html`<section id="overview" aria-labelledby="overview-heading"><h2 id="overview-heading" class="unseen">Recordings</h2>
<p class="outcome-line">${counts.map(([verdict, count]) => html`<span><b>${count}</b> ${verdictMark(verdict)}</span>`)}
${known.length === 0 ? null : html`<span class="agreement"><b>${agreeing} of ${known.length}</b> agree with the published list</span>`}</p>
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

function row({ recording, verdict, published, agrees, sparkline, criteria }: JudgedRecording): Html {
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
<td class="why">${summaryOf(criteria)}</td></tr>`;
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

export function publishedMark(published: string | null, agrees: boolean | null): Html {
  if (published === null) return html`\u2013`;
  return agrees
    ? html`<span class="agrees">${shape('tick')}${published}<span class="unseen">, agrees</span></span>`
    : html`<span class="differs">${shape('cross')}${published}, differs</span>`;
}
