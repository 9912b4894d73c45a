import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { requestOf } from '../../src/load/request.ts';
import { runGraph } from '../../src/run-page/graph.ts';
import { runViewPage } from '../../src/run-page/page.ts';
import type { ActionView, RunView, StepView } from '../../src/run-page/run-view.ts';
import { renderFigure } from '../../src/task/render-figure.ts';

const step = (name: string, needs: readonly string[] = [], more: Partial<StepView> = {}): StepView => ({
  name,
  needs,
  params: null,
  differing: [],
  code: digestOf(name),
  packages: [],
  command: null,
  ...more,
});
const action = (name: string, more: Partial<ActionView> = {}): ActionView => ({
  action: name as ActionView['action'],
  step: name.split('@')[0] ?? '',
  outcome: 'reused',
  why: [],
  failure: null,
  by: [],
  made: { started: '2026-11-22T10:00:00.000Z', milliseconds: 1200, peakMemory: 250_000_000 },
  outputs: [],
  ...more,
});
const view: RunView = {
  run: 'run7',
  began: '2026-11-22T13:35:12.941Z',
  request: requestOf({
    pipeline: '/project/pipeline.yaml',
    skip: ['<view>'],
    overrides: { set: ['detect.level=<7>'] },
  }),
  report: '/project/out/report/report.html',
  steps: [
    step('report', ['judge', 'detect']),
    step('detect', [], {
      params: { level: 8, 'a&b': ['x'], name: 'a' },
      differing: ['name'],
      packages: ['vega@6.4.0', 'd3@1.0.0'],
    }),
    step('judge', ['detect'], { code: null, command: 'python "judge.py"' }),
  ],
  actions: [
    action('report', { outcome: 'blocked', by: ['detect@b' as ActionView['action']], made: null }),
    action('detect@a', { outcome: 'executed', why: [{ cause: 'first-run' }] }),
    action('detect@b', { outcome: 'failed', failure: { reason: 'data', message: 'no <peaks>' }, made: null }),
    action('judge@a', { outputs: [{ port: 'verdict', digest: digestOf('v'), bytes: 1500 }] }),
  ],
};

test('runViewPage shows the outcome and causes of every action, and the code of every step', async () => {
  const page = await runViewPage(view, '/project/out/report');
  for (const part of [
    '<a href="report.html">',
    '--set detect.level=&lt;7&gt; --skip &lt;view&gt;',
    'it has not run before',
    'no &lt;peaks&gt;',
    'by detect@b',
    '<code>level: 8</code>',
    '<code>name: </code>differs from action to action',
    'a&amp;b: [&quot;x&quot;]',
    'vega@6.4.0, d3@1.0.0',
    'python &quot;judge.py&quot;',
    `verdict <code>${digestOf('v').slice(0, 12)}</code>`,
    '1.2 s',
    '250 MB',
    '<b>1</b> executed, <b>1</b> reused, <b>1</b> failed, <b>1</b> blocked',
  ]) {
    expect(page).toContain(part);
  }
  expect(page).not.toMatch(/<script|src=|https?:\/\/(?!www\.w3\.org)/);
});

test('runGraph places every step right of the steps it needs, and no two steps on each other', async () => {
  const spec = runGraph(view);
  const boxes = (spec.marks ?? []).filter(({ type }) => type === 'rect') as unknown as {
    encode: { enter: { x: { value: number }; y: { value: number } } };
  }[];
  const [detect, judge, report] = boxes.map(({ encode: { enter } }) => [enter.x.value, enter.y.value].join());
  expect(new Set([detect, judge, report]).size).toBe(3);
  const columns = boxes.map(({ encode: { enter } }) => enter.x.value);
  expect(columns).toEqual(columns.toSorted((a, b) => a - b));
  expect(await renderFigure(spec)).toMatchObject({ ok: true });
});
