import type { Row } from 'groundproof/task';
import type { criteriaTable } from '../../../schemas/tasks/verdict.ts';
import { criterionScale } from './criterion-scale.ts';
import { type Html, html } from './html.ts';
import { shape } from './verdict-mark.ts';
import { amount, criterionWords, interval, limitAmount, passingLimit } from './words.ts';

/** A table of every criterion with its value, interval and limit, a picture of them, and the reason in words. */
export function criteriaTableOf(criteria: readonly Row<typeof criteriaTable>[]): Html {
  return html`<table class="criteria"><thead><tr>
<th scope="col">Criterion</th><th scope="col">Value and limit</th><th scope="col" class="number">Value</th>
<th scope="col" class="number">95 % interval</th><th scope="col" class="number">Limit</th><th scope="col">Outcome</th>
</tr></thead><tbody>${criteria.map(criterionRow)}</tbody></table>`;
}

const SHAPES: { readonly [outcome: string]: string } = { passed: 'tick', failed: 'cross', unasked: 'dash' };

const SIGNS = { 'at least': '\u2265 ', 'at most': '\u2264 ' } as const;

const sentence = (clause: string): string => `${clause.replace(/^./, (first) => first.toUpperCase())}.`;

function criterionRow(criterion: Row<typeof criteriaTable>): Html {
  const { criterion: name, value, low, high, limit, passed, outcome, passes_at: passesAt, reason } = criterion;
  const words = criterionWords(name);
  const { label, side, unit } = words;
  const picture = criterionScale(
    { value, low, high, limit, side, max: unit === '%' ? 1 : null, passed },
    `${label}: ${amount(value, unit)}, limit ${limitAmount(limit, unit)}`,
  );
  const differs = outcome !== 'passed' && outcome !== 'unasked' && passesAt !== null && passesAt !== limit;
  const passing = differs ? ` It would pass with a limit of ${passingLimit(passesAt, words)}.` : '';
  return html`<tr class="${outcome}">
<th scope="row">${label}<span class="why">${sentence(reason)}${passing}</span></th>
<td class="picture">${picture}</td>
<td class="number" data-label="Value">${amount(value, unit)}</td>
<td class="number" data-label="95 % interval">${interval(low, high, unit)}</td>
<td class="number" data-label="Limit">${side === null ? '' : SIGNS[side]}${limitAmount(limit, unit)}</td>
<td data-label="Outcome"><span class="outcome">${shape(SHAPES[outcome] ?? 'diamond')}${outcome}</span></td>
</tr>`;
}
