import colors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { diffMarkdown } from '../../src/diff/markdown.ts';
import type { OutputDiff, RunDiff } from '../../src/diff/runs.ts';
import type { CellDiff, TableDiff } from '../../src/diff/tables.ts';
import { diffLines } from '../../src/diff/text.ts';
import { digestOf } from '../../src/files/digest.ts';

const cell = (row: string, column: string, from: CellDiff['from'], to: CellDiff['to']): CellDiff => {
  const numbers = typeof from === 'number' && typeof to === 'number';
  const absolute = numbers ? to - from : null;
  return { row, column, from, to, absolute, relative: numbers && from !== 0 ? (to - from) / Math.abs(from) : null };
};

const table = (more: Partial<TableDiff>): TableDiff => ({
  rows: { from: 3, to: 3 },
  key: [],
  columnsAdded: [],
  columnsRemoved: [],
  columns: [],
  cells: [],
  flips: [],
  added: { count: 0, first: [] },
  removed: { count: 0, first: [] },
  ...more,
});

const peaks = table({
  rows: { from: 4748, to: 4749 },
  key: ['sample_index'],
  columns: [
    { column: 'amplitude', unit: 'uV', cells: 12, absolute: 0.2, relative: 0.0625 },
    { column: 'label', unit: null, cells: 1, absolute: null, relative: null },
  ],
  cells: [3, 4, 5, 6, 7, 8].map((n) => cell(`sample_index=${n}`, 'amplitude', n, n + 0.2)),
  added: { count: 2, first: ['sample_index=7', 'sample_index=9'] },
  removed: { count: 900, first: Array.from({ length: 10 }, (_, i) => `sample_index=${i}`) },
});

const output = (action: string, port: string, more: Partial<OutputDiff> = {}): OutputDiff => ({
  action,
  port,
  kind: 'table',
  change: 'changed',
  table: null,
  ...more,
});

const nothing: RunDiff = {
  before: { run: 'r1', began: '2026-11-22T13:35:12.941Z', record: 'r1', previous: null },
  after: { run: 'r2', began: '2026-11-23T13:35:12.941Z', record: 'r2', previous: 'r1' },
  flips: [],
  changes: [],
  actions: [],
  outputs: [],
  lost: [],
};

const diff: RunDiff = {
  ...nothing,
  flips: [
    { action: 'summary', row: '20170629_patch3', column: 'verdict', from: 'accept', to: 'reject' },
    { action: 'summary', row: 'b', column: 'verdict', from: 'reject', to: '' },
  ],
  changes: [
    {
      cause: { cause: 'param-changed', param: 'mad_multiplier', from: 8, to: 7.5, position: 'pipeline.yaml:31' },
      steps: ['detect'],
      actions: 12,
    },
    { cause: { cause: 'code-changed', files: ['tasks/lib/peaks.ts'] }, steps: ['detect', 'noise'], actions: 24 },
    { cause: { cause: 'packages-changed', packages: ['+vega@6.4.0'] }, steps: ['noise'], actions: 1 },
    {
      cause: {
        cause: 'input-changed',
        port: 'archive',
        recording: null,
        source: 'data/x.tar.gz',
        from: digestOf('1'),
        to: digestOf('2'),
      },
      steps: ['unzip'],
      actions: 1,
    },
  ],
  actions: [
    { action: 'unzip@new', before: null, after: 'executed' },
    { action: 'unzip@old', before: 'reused', after: null },
    { action: 'detect@c', before: 'executed', after: 'failed' },
  ],
  outputs: [
    ...['a', 'b', 'c', 'd', 'e'].map((name) => output(`detect@${name}`, 'peaks', { table: peaks })),
    output('detect@a', 'plot', { kind: 'figure' }),
    output('noise@a', 'noise', {
      table: table({
        rows: { from: 1, to: 1 },
        columns: [{ column: 'mad', unit: null, cells: 1, absolute: 3, relative: null }],
        cells: [cell('row 0', 'mad', 0, 3)],
        columnsAdded: ['sign'],
      }),
    }),
  ],
  lost: ['snr@a'],
};

const lines = (one: RunDiff) => diffLines(one, colors.createColors(false));

describe('diffLines', () => {
  test('show flips, then the changes of people, then the outputs', () => {
    expect(`\n${lines(diff).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      r1 (2026-11-22 13:35:12 UTC) -> r2 (2026-11-23 13:35:12 UTC)

      flipped
        20170629_patch3  verdict  accept -> reject
        b                verdict  reject -> ""

      parameters
        detect.mad_multiplier 8 -> 7.5 (pipeline.yaml:31)

      code
        tasks/lib/peaks.ts (detect, noise; 24 actions)

      packages
        +vega@6.4.0 (noise; 1 action)

      inputs
        data/x.tar.gz  6b86b273 -> d4735e3a (unzip; 1 action)

      actions
        only in the second run: unzip@new
        only in the first run: unzip@old
        executed -> failed: detect@c
        not compared, because a result is no longer in the store: snr@a

      detect.peaks  table changed in 5 actions
        detect@a: 4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)
          amplitude: 12 cells, at most 0.2 uV, 6.25 %
          label: 1 cell
          sample_index=3  amplitude  3 -> 3.2  (+0.2, +6.67 %)
          sample_index=4  amplitude  4 -> 4.2  (+0.2, +5 %)
          sample_index=5  amplitude  5 -> 5.2  (+0.2, +4 %)
          sample_index=6  amplitude  6 -> 6.2  (+0.2, +3.33 %)
          sample_index=7  amplitude  7 -> 7.2  (+0.2, +2.86 %)
          and 8 more cells
        detect@b: 4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)
          amplitude: 12 cells, at most 0.2 uV, 6.25 %
          label: 1 cell
          sample_index=3  amplitude  3 -> 3.2  (+0.2, +6.67 %)
          sample_index=4  amplitude  4 -> 4.2  (+0.2, +5 %)
          sample_index=5  amplitude  5 -> 5.2  (+0.2, +4 %)
          sample_index=6  amplitude  6 -> 6.2  (+0.2, +3.33 %)
          sample_index=7  amplitude  7 -> 7.2  (+0.2, +2.86 %)
          and 8 more cells
        detect@c: 4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)
          amplitude: 12 cells, at most 0.2 uV, 6.25 %
          label: 1 cell
          sample_index=3  amplitude  3 -> 3.2  (+0.2, +6.67 %)
          sample_index=4  amplitude  4 -> 4.2  (+0.2, +5 %)
          sample_index=5  amplitude  5 -> 5.2  (+0.2, +4 %)
          sample_index=6  amplitude  6 -> 6.2  (+0.2, +3.33 %)
          sample_index=7  amplitude  7 -> 7.2  (+0.2, +2.86 %)
          and 8 more cells
        and detect@d, detect@e

      detect.plot  figure changed in 1 action
        detect@a

      noise.noise  table changed in 1 action
        noise@a: 1 row; new columns: sign
          mad  0 -> 3  (+3)
      "
    `);
  });

  test('say that runs are equal, and which run to compare instead', () => {
    expect(lines(nothing)).toEqual(['run r1 and run r2 have the same results']);
    expect(lines({ ...nothing, after: nothing.before })).toEqual(['both are run r1']);
    const same = { ...nothing, after: { ...nothing.after, record: 'r1', previous: 'r0' } };
    expect(lines(same)).toEqual(['nothing changed: run r2 found everything as run r1 left it; the run before is r0']);
  });

  test('cut long texts to the part that differs', () => {
    const long = 'the spikes lie within one MAD of the threshold, over the limit';
    const [from, to] = [`${long} of 1 %`, `${long} of 2 %`];
    const flips = [{ action: 'a', row: 'a', column: 'reason', from, to }];
    expect(lines({ ...nothing, flips, lost: ['x'] })).toContain('  a  reason  …1 % -> …2 %');
  });
});

describe('diffMarkdown', () => {
  test('folds long parts', () => {
    expect(`\n${diffMarkdown(diff)}`).toMatchInlineSnapshot(`
      "
      ### 2 headlines flipped

      | row | column | before | after |
      |---|---|---|---|
      | \`20170629_patch3\` | \`verdict\` | \`accept\` | **\`reject\`** |
      | \`b\` | \`verdict\` | \`reject\` | **\`""\`** |

      **parameters**

      - \`detect.mad_multiplier 8 -> 7.5 (pipeline.yaml:31)\`

      **code**

      - \`tasks/lib/peaks.ts (detect, noise; 24 actions)\`

      **packages**

      - \`+vega@6.4.0 (noise; 1 action)\`

      **inputs**

      - \`data/x.tar.gz 6b86b273 -> d4735e3a (unzip; 1 action)\`

      **actions**

      - \`only in the second run: unzip@new\`
      - \`only in the first run: unzip@old\`
      - \`executed -> failed: detect@c\`
      - \`not compared, because a result is no longer in the store: snr@a\`

      <details><summary><code>detect.peaks</code> table changed in 5 actions</summary>

      \`detect@a\`: \`4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)\`

      | row | column | before | after | change |
      |---|---|---|---|---|
      | \`sample_index=3\` | \`amplitude\` | \`3\` | \`3.2\` | \`+0.2, +6.67 %\` |
      | \`sample_index=4\` | \`amplitude\` | \`4\` | \`4.2\` | \`+0.2, +5 %\` |
      | \`sample_index=5\` | \`amplitude\` | \`5\` | \`5.2\` | \`+0.2, +4 %\` |
      | \`sample_index=6\` | \`amplitude\` | \`6\` | \`6.2\` | \`+0.2, +3.33 %\` |
      | \`sample_index=7\` | \`amplitude\` | \`7\` | \`7.2\` | \`+0.2, +2.86 %\` |

      13 cells in all: \`amplitude: 12 cells, at most 0.2 uV, 6.25 %; label: 1 cell\`

      \`detect@b\`: \`4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)\`

      | row | column | before | after | change |
      |---|---|---|---|---|
      | \`sample_index=3\` | \`amplitude\` | \`3\` | \`3.2\` | \`+0.2, +6.67 %\` |
      | \`sample_index=4\` | \`amplitude\` | \`4\` | \`4.2\` | \`+0.2, +5 %\` |
      | \`sample_index=5\` | \`amplitude\` | \`5\` | \`5.2\` | \`+0.2, +4 %\` |
      | \`sample_index=6\` | \`amplitude\` | \`6\` | \`6.2\` | \`+0.2, +3.33 %\` |
      | \`sample_index=7\` | \`amplitude\` | \`7\` | \`7.2\` | \`+0.2, +2.86 %\` |

      13 cells in all: \`amplitude: 12 cells, at most 0.2 uV, 6.25 %; label: 1 cell\`

      \`detect@c\`: \`4748 -> 4749 rows by sample_index; 2 added (sample_index=7, sample_index=9); 900 removed (sample_index=0, sample_index=1, sample_index=2, ...)\`

      | row | column | before | after | change |
      |---|---|---|---|---|
      | \`sample_index=3\` | \`amplitude\` | \`3\` | \`3.2\` | \`+0.2, +6.67 %\` |
      | \`sample_index=4\` | \`amplitude\` | \`4\` | \`4.2\` | \`+0.2, +5 %\` |
      | \`sample_index=5\` | \`amplitude\` | \`5\` | \`5.2\` | \`+0.2, +4 %\` |
      | \`sample_index=6\` | \`amplitude\` | \`6\` | \`6.2\` | \`+0.2, +3.33 %\` |
      | \`sample_index=7\` | \`amplitude\` | \`7\` | \`7.2\` | \`+0.2, +2.86 %\` |

      13 cells in all: \`amplitude: 12 cells, at most 0.2 uV, 6.25 %; label: 1 cell\`

      and \`detect@d, detect@e\`

      </details>

      <code>detect.plot</code> figure changed in 1 action: \`detect@a\`

      <details><summary><code>noise.noise</code> table changed in 1 action</summary>

      \`noise@a\`: \`1 row; new columns: sign\`

      | row | column | before | after | change |
      |---|---|---|---|---|
      |  | \`mad\` | \`0\` | \`3\` | \`+3\` |

      </details>

      \`r1\` → \`r2\`
      "
    `);
  });

  test('keeps hostile names and values as text', () => {
    const evil = '`<img src=x>` | @everyone [x](http://x)\n# title';
    const flips = [{ action: 'a', row: evil, column: 'c', from: evil, to: '' }];
    const outputs = [output('a@b', '<b>', { table: table({ cells: [cell(evil, 'c', evil, 'x')] }) })];
    const markdown = diffMarkdown({ ...diff, flips, outputs });
    const rows = markdown.split('\n').filter((line) => line.startsWith('|') && line.includes('everyone'));
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      // A fence of two backticks with escaped bars, so that the row keeps its columns.
      expect(row.match(/`` `<img src=x>` \\\| @everyone \[x\]\(http:\/\/x\) # title ``/g)).toHaveLength(2);
    }
    expect(markdown).toContain('<code>a.&lt;b&gt;</code>');
    expect(markdown).not.toMatch(/^# title/m);
  });

  test('fits a comment for any number of differences', () => {
    const text = 'x'.repeat(5000);
    const many = <T>(one: (n: number) => T) => Array.from({ length: 500 }, (_, n) => one(n));
    const markdown = diffMarkdown({
      ...diff,
      flips: many((n) => ({ action: 'a', row: `${n} ${text}`, column: 'c', from: text, to: 'y' })),
      changes: many((n) => ({ ...(diff.changes[0] as RunDiff['changes'][0]), steps: [`s${n}`] })),
      outputs: many((n) => output(`s${n % 100}@r${n}`, 'peaks', { table: peaks })),
    });
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain('and 450 more');
    expect(markdown).toContain('and 480 more');
    expect(markdown).toMatch(/and \d+ more outputs\n/);
  });
});
