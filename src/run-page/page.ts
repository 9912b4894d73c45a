/** A run as an HTML page: its graph, steps with parameters, and actions with causes, time, memory and digests. */
import { relative } from 'node:path';
import { bytesText } from '../base/amounts.ts';
import { ENGINE, VERSION } from '../base/build.ts';
import { durationText, timeText } from '../base/time.ts';
import { actionFailureText } from '../report/action-failure.ts';
import { causesText } from '../report/cause.ts';
import { countText, listText } from '../report/list.ts';
import { escaped } from '../report/xml.ts';
import { figureSvg } from '../task/render-figure.ts';
import { runGraph } from './graph.ts';
import type { ActionView, RunView, StepView } from './run-view.ts';
import { runViewStyle } from './style.ts';

/** Whether a page was made by `runViewPage`. */
export const isRunPage = (page: string): boolean => /<title>Run \d{8}T\d{9}Z-/.test(page.slice(0, 2000));

/** @param folder the folder of the page: links are relative to it */
export async function runViewPage(view: RunView, folder: string): Promise<string> {
  const { run, began, request, report, steps, actions } = view;
  const count = (kind: ActionView['outcome']) => actions.filter(({ outcome }) => outcome === kind).length;
  const kinds = (['executed', 'reused', 'failed', 'blocked', 'cancelled'] as const).filter((kind) => count(kind) > 0);
  const counts = kinds.map((kind) => `<b>${count(kind)}</b> ${kind}`).join(', ');
  const graph = (await figureSvg(runGraph(view))).replace(
    '<svg ',
    '<svg role="img" aria-label="The graph of the steps" ',
  );
  const link =
    report === null ? '' : `<p><a href="${escaped(relative(folder, report))}">The report of this run</a></p>`;
  const { skip = [], overrides, targets } = request;
  const { profile, each, set = [] } = overrides;
  const words = [
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...(each === undefined ? [] : [`--each ${each}`]),
    ...set.map((setting) => `--set ${setting}`),
    ...skip.map((name) => `--skip ${name}`),
    ...targets,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark"><title>Run ${escaped(run)}</title><style>${runViewStyle}</style></head>
<body><main><h1>Run of ${timeText(began)}</h1>
<p class="counts">${counts || 'nothing to do'}</p>${link}
<dl><div><dt>Asked for</dt><dd>${escaped(words.join(' ') || 'everything')}</dd></div>
<div><dt>Run</dt><dd>${escaped(run)}</dd></div>
<div><dt>groundproof</dt><dd>${escaped(VERSION)} (${escaped(ENGINE)})</dd></div>
<div><dt>Node</dt><dd>${escaped(process.version)}</dd></div></dl>
<h2>Steps</h2><div class="scroll" tabindex="0" role="region" aria-label="Graph">${graph}</div>
<h2>Parameters and code</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Parameters and code"><table>
<thead><tr><th scope="col">Step</th><th scope="col">Parameters</th><th scope="col">Code</th><th scope="col">npm packages</th></tr></thead>
<tbody>${steps.map(stepRow).join('\n')}</tbody></table></div>
<h2>Actions</h2>
<p class="note">Time and memory are those of the execution that made the result, in this run or earlier. Memory is the most that
the whole process took meanwhile, other actions included.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Actions"><table>
<thead><tr><th scope="col">Action</th><th scope="col">Outcome</th><th scope="col">Why</th><th scope="col" class="number">Time</th>
<th scope="col" class="number">Memory</th><th scope="col">Made</th><th scope="col">Outputs</th></tr></thead>
<tbody>${actions.map(actionRow).join('\n')}</tbody></table></div>
</main></body></html>
`;
}

function stepRow({ name, params, differing, code, packages, command }: StepView): string {
  const paramLines = Object.entries(params ?? {}).map(([param, value]) =>
    differing.includes(param)
      ? `<div><code>${escaped(param)}: </code>differs from action to action</div>`
      : `<div><code>${escaped(param)}: ${escaped(JSON.stringify(value))}</code></div>`,
  );
  const codeText = command ?? code?.slice(0, 12) ?? '';
  const packageList =
    packages.length === 0
      ? 'none'
      : `<details><summary>${countText(packages.length, 'package')}</summary>${escaped(packages.join(', '))}</details>`;
  return `<tr><th scope="row">${escaped(name)}</th><td>${paramLines.join('')}</td><td><code>${escaped(codeText)}</code></td><td>${packageList}</td></tr>`;
}

function actionRow(view: ActionView): string {
  const { action, outcome, made, outputs } = view;
  const digests = outputs.map(
    ({ port, digest, bytes }) =>
      `<div>${escaped(port)} <code>${digest.slice(0, 12)}</code> <span class="note">${bytesText(bytes)}</span></div>`,
  );
  const outputList =
    outputs.length === 0
      ? ''
      : `<details><summary>${countText(outputs.length, 'output')}</summary>${digests.join('')}</details>`;
  return `<tr class="${outcome}"><th scope="row">${escaped(action)}</th><td class="outcome">${outcome}</td><td>${escaped(reasonText(view))}</td>
<td class="number">${made ? durationText(made.milliseconds) : ''}</td><td class="number">${made?.peakMemory === undefined ? '' : bytesText(made.peakMemory)}</td>
<td class="time">${made ? timeText(made.started) : ''}</td><td>${outputList}</td></tr>`;
}

function reasonText({ why, failure, by }: ActionView): string {
  if (failure) return actionFailureText(failure);
  return by.length > 0 ? `by ${listText(by, ', ')}` : causesText(why);
}
