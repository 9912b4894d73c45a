/** The first screen: what came of every recording, and why, a row each. */
import { type Html, html, trusted } from './html.ts';
import { shape, verdictMark } from './verdict-mark.ts';
import { amount, criterionWords, interval, limitAmount } from './words.ts';

export interface Judged {
  readonly recording: string;
  readonly verdict: string;
  readonly published: string | null;
  readonly agrees: boolean | null;
  readonly reason: string;
  /** SVG; empty where the recording has no view. */
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

/** How many of the criteria that did not pass are told with their numbers. */
const TOLD = 2;

/** What did not pass, the failures first; the view of the recording says it in full. */
function inShort(criteria: Judged['criteria']): string {
  if (criteria.length === 0) return '';
  const rank = ['failed', 'doubtful', 'unknown'];
  const bad = criteria
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'unasked')
    .sort((a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome));
  const unasked = criteria.filter(({ outcome }) => outcome === 'unasked').length;
  if (bad.length === 0) return allPassed(criteria.length - unasked, unasked);
  const told = bad.slice(0, TOLD).map(({ criterion, value, low, limit }) => {
    const { label, unit } = criterionWords(criterion);
    const known = value === null && low !== null ? `\u2265 ${amount(low, unit)}` : amount(value, unit);
    return `${label.toLowerCase()} ${value === null && low === null ? 'not known' : known} (limit ${limitAmount(limit, unit)})`;
  });
  const more = bad.slice(TOLD).map(({ criterion }) => criterionWords(criterion).label.toLowerCase());
  return [told.join(', '), ...(more.length > 0 ? [`also ${more.join(', ')}`] : [])].join('; ');
}

const allPassed = (passed: number, unasked: number): string =>
  unasked === 0 ? `all ${passed} criteria passed` : `${passed} criteria passed, ${unasked} not asked of the array`;

/** How many there are of each verdict, in the order in which they are told. */
export function verdictCounts(judged: readonly Judged[]): readonly (readonly [verdict: string, count: number])[] {
  const verdicts = [...new Set(['accept', 'borderline', 'reject', ...judged.map(({ verdict }) => verdict)])];
  return verdicts.map((verdict) => [verdict, judged.filter((one) => one.verdict === verdict).length] as const);
}

export function overview(judged: readonly Judged[]): Html {
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

function row({ recording, verdict, published, agrees, sparkline, criteria }: Judged): Html {
  const of = (name: string) => criteria.find(({ criterion }) => criterion === name);
  return html`<tr data-verdict="${verdict}">
<td data-value="${verdict}">${verdictMark(verdict)}</td>
<th scope="row"${recording.length > LONG ? html` class="long"` : null}><a href="#${recording}">${recording}</a></th>
<td class="spark">${trusted(sparkline)}</td>
${cell('Spikes', of('spike_count')?.value ?? null, '')}
${cell('At threshold', of('edge_fraction')?.value ?? null, '%')}
${missedCell(of('missed_fraction'))}
${cell('SNR', of('peak_snr')?.value ?? null, '')}
<td class="published" data-label="Published" data-value="${published ?? ''}">${publishedMark(published, agrees)}</td>
<td class="why">${inShort(criteria)}</td></tr>`;
}

/** The share of missed spikes with its interval, or what is known of it. */
function missedCell(missed: Judged['criteria'][number] | undefined): Html {
  const { value = null, low = null, high = null } = missed ?? {};
  const known = value === null && low !== null ? html`\u2265 ${amount(low, '%')}` : amount(value, '%');
  const between =
    value === null || high === null || high < NEGLIGIBLE
      ? null
      : html`<span class="interval">${interval(low, high, '%')}</span>`;
  return html`<td class="number" data-label="Missed" data-value="${value ?? low ?? ''}">${known}${between}</td>`;
}

/** Letters of a name that may not be broken. */
const LONG = 24;

/** No interval needs to be shown below this share. */
const NEGLIGIBLE = 0.0001;

const cell = (label: string, value: number | null, unit: '%' | ''): Html =>
  html`<td class="number" data-label="${label}" data-value="${value ?? ''}">${amount(value, unit)}</td>`;

export function publishedMark(published: string | null, agrees: boolean | null): Html {
  if (published === null) return html`\u2013`;
  return agrees
    ? html`<span class="agrees">${shape('tick')}${published}<span class="unseen">, agrees</span></span>`
    : html`<span class="differs">${shape('cross')}${published}, differs</span>`;
}
