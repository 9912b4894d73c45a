import colors from 'picocolors';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Event } from '../../src/history/event.ts';
import { prettyReporter } from '../../src/report/pretty.ts';
import { begun, eventful, executed, failed, finished, name, reused, started, warned } from './events.ts';
import { pipe, screen } from './screen.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FRAME = 100;

function terminal(columns: number, rows: number, color = false) {
  const [stdout, stderr] = [pipe(), screen(columns, rows)];
  const paint = colors.createColors(color);
  const look = { paint, paintOut: paint, reproduce: (action: string) => `groundproof run ${action}` };
  const reporter = prettyReporter({ stdout: stdout.stream, stderr: stderr.stream }, look);
  return {
    ...stderr,
    stdout: () => stdout.text(),
    close: reporter.close,
    say: reporter.say,
    /** Reports events, each in a frame of its own. */
    report(...events: Event[]) {
      for (const event of events) {
        reporter.report(event);
        vi.advanceTimersByTime(FRAME);
      }
    },
    text: () => `\n${stderr.lines().join('\n')}\n`,
  };
}

describe('prettyReporter during a run', () => {
  const midway = eventful.slice(0, 10);

  test('shows a line per step, and above them failures and warnings', () => {
    const { report, text, wraps } = terminal(120, 30);
    report(...midway);
    expect(text()).toMatchInlineSnapshot(`
      "
      ground-truth
      warning unzip@a: no triggers
      warning unzip@c: no triggers either
      failed detect@b
        reading
        warning: the trace is short
        no peak is above the threshold: 0 of 12000 samples
       unzip   ━━━━━━━━━━━━━━━━━━━━ 3/3 1 executed, 2 reused
       detect  ━━━━━━━───────────── 1/3 1 failed, a
       summary ──────────────────── 0/1
      "
    `);
    expect(wraps()).toBe(0);
  });

  test('names the actions that are not selected', () => {
    const { report, text } = terminal(120, 30);
    report(started({ unzip: 1 }, { notSelected: [name('detect@a'), name('summary')] }));
    expect(text()).toContain('ground-truth\n2 actions not selected: detect@a, summary\n');
  });

  test('keeps troubles of the remote cache, and counts its results in the steps', () => {
    const { report, text } = terminal(120, 30);
    report(
      started({ unzip: 2 }),
      { type: 'remote-trouble', url: 'https://cache', message: 'it answers 500' },
      { type: 'action-progress', action: name('unzip@a'), fraction: 0.5 },
    );
    expect(text()).toMatchInlineSnapshot(`
      "
      ground-truth
      warning the remote cache https://cache: it answers 500
       unzip ━━━━━─────────────── 0/2 a
      "
    `);
  });

  test('leaves out bars on a narrow terminal', () => {
    const { report, text, wraps } = terminal(58, 30);
    report(...midway);
    expect(text()).toMatchInlineSnapshot(`
      "
      ground-truth
      warning unzip@a: no triggers
      warning unzip@c: no triggers either
      failed detect@b
        reading
        warning: the trace is short
        no peak is above the threshold: 0 of 12000 samples
       unzip   3/3 1 executed, 2 reused
       detect  1/3 1 failed, a
       summary 0/1
      "
    `);
    expect(wraps()).toBe(0);
  });

  test('changes nothing but colour with colour', () => {
    const [plain, colored] = [terminal(120, 30), terminal(120, 30, true)];
    for (const { report } of [plain, colored]) report(...midway);
    expect(colored.text()).toBe(plain.text());
    expect(colored.written()).toContain('\u001b[31m');
  });

  test('draws a frame in a single write, and nothing between frames', () => {
    const { report, written } = terminal(120, 30);
    report(started({ detect: 9 }));
    const before = written();
    report(begun('detect@a'));
    expect(
      written()
        .slice(before.length)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the code that moves up
        .match(/\u001b\[\d+A/g),
    ).toHaveLength(1);
  });

  test('shows the time left once it is known', () => {
    const { report, lines } = terminal(120, 30);
    report(started({}, { steps: [{ step: 'detect', actions: 4, seconds: 90 }] }), begun('detect@a'));
    expect(lines().at(-1)).toBe('about 3 min 00 s left');
    report(executed('detect@a'), executed('detect@b'), executed('detect@c'), executed('detect@d'));
    expect(lines().at(-1)).toMatch(/^ detect ━{20} 4\/4 4 executed$/);
  });
});

describe('prettyReporter under disturbances', () => {
  test('redraws lines that a narrower terminal has wrapped', () => {
    const { report, resize, lines } = terminal(100, 30);
    report(started({ unzip: 3, detect: 3 }), begun('unzip@a'), begun('unzip@b'));
    resize(30);
    report(executed('unzip@a'));
    expect(lines()).toEqual(['ground-truth', ' unzip  1/3 1 executed, b', ' detect 0/3']);
  });

  test('cleans a log that moves the cursor or clears the screen', () => {
    const { report, lines } = terminal(80, 24);
    const bad = failed('a@x', '\u001b[2Jno peak\u0007');
    report(started({ a: 1 }), {
      ...bad,
      log: [{ level: 'info', message: ' 10 %\r 90 %\r100 %\r\n\u001b[3Adone' }],
    } as Event);
    expect(lines().slice(1, 5)).toEqual(['failed a@x', '  100 %', '  done', '  no peak']);
  });

  test('cuts a very long log', () => {
    const { report, lines } = terminal(80, 24);
    const log = Array.from({ length: 500 }, (_, i) => ({ level: 'info', message: `line ${i}` }));
    report(started({ a: 1 }), { ...failed('a@x', 'no'), log } as Event);
    expect(lines().slice(1, 4)).toEqual([
      'failed a@x',
      '  (460 lines of its log before; all with --reporter plain)',
      '  line 460',
    ]);
  });

  test('prints the answer to an interrupt above the steps', () => {
    const { report, say, lines } = terminal(80, 24);
    report(started({ a: 1 }), begun('a'));
    say('stopping');
    expect(lines()).toEqual(['ground-truth', 'stopping', ` a    ${'─'.repeat(20)} 0/1 a`]);
  });

  test('draws on a terminal of unknown size', () => {
    const { report, resize, lines } = terminal(80, 24);
    resize(0);
    report(started({ a: 1 }), begun('a'), executed('a'), finished());
    expect(lines()[1]).toBe(` a    ${'━'.repeat(20)} 1/1 1 executed`);
  });

  test('writes nothing if nothing changed', () => {
    const { report, written } = terminal(80, 24);
    report(started({ a: 1 }), begun('a'));
    const before = written();
    vi.advanceTimersByTime(10 * FRAME);
    expect(written()).toBe(before);
  });

  test('prefers running, then unfinished steps on a terminal with few rows', () => {
    const { report, lines } = terminal(80, 5);
    report(started({ a: 1, b: 2, c: 1, d: 1 }), begun('a'), executed('a'), begun('b@1'), executed('b@1'), begun('c'));
    expect(
      lines()
        .slice(1)
        .map((line) => line.trim()[0]),
    ).toEqual(['b', 'c', 'd']);
  });
});

describe('prettyReporter at the end of a run', () => {
  test('prints counts, failures with their commands, and the table on stdout', () => {
    const { report, text, stdout, close } = terminal(120, 30);
    report(...eventful);
    close();
    expect(text()).toMatchInlineSnapshot(`
      "
      ground-truth
      warning unzip@a: no triggers
      warning unzip@c: no triggers either
      failed detect@b
        reading
        warning: the trace is short
        no peak is above the threshold: 0 of 12000 samples
       unzip   ━━━━━━━━━━━━━━━━━━━━ 3/3 1 executed, 2 reused
       detect  ━━━━━━━━━━━━━─────── 2/3 1 executed, 1 failed
       summary ━━━━━━━━━━━━━━━━━━━━ 1/1 1 blocked

      failed detect@b: no peak is above the threshold: 0 of 12000 samples
        reproduce with: groundproof run detect@b
      1 action waits for it: summary
      2 executed, 2 reused, 1 failed, 1 blocked, 1 not started or stopped in 1 min 05 s; results in out
      "
    `);
    expect(stdout().split('\n')[0]).toBe('recording        verdict  reason');
  });

  test('stops redrawing', () => {
    const { report, written, close } = terminal(80, 24);
    report(...eventful);
    const before = written();
    vi.advanceTimersByTime(10 * FRAME);
    close();
    vi.advanceTimersByTime(10 * FRAME);
    expect(written()).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('stops redrawing when it is closed before the run finished', () => {
    const { report, close } = terminal(80, 24);
    report(started({ a: 1 }));
    close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** 25 steps with long names and many recordings, some of them running. */
const steps = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`a_step_with_quite_a_long_name_${i}`, 19]));
const crowd: Event[] = [
  started(steps, { steps: Object.keys(steps).map((step) => ({ step, actions: 19, seconds: 1 })) }),
  ...Object.keys(steps).flatMap((step) => [
    ...['網膜', '😀', 'e\u0301'].map((recording) => begun(`${step}@${recording}_20160426_patch2`)),
    executed(`${step}@網膜_20160426_patch2`),
    reused(`${step}@b`),
  ]),
];

describe.each([
  [20, 10],
  [40, 10],
  [59, 10],
  [60, 10],
  [120, 10],
  [120, 3],
  [40, 60],
])('on a terminal of %d columns and %d rows', (columns, rows) => {
  test('draws no line wider than the terminal, and redraws every line', () => {
    const { report, lines, wraps } = terminal(columns, rows);
    report(...crowd);
    expect(wraps()).toBe(0);
    const drawn = Math.min(26, Math.max(1, rows - 2));
    expect(lines()).toHaveLength(1 + drawn);
    expect(lines()[0]).toBe('ground-truth');
  });

  test('keeps each warning once and in order', () => {
    const { report, lines } = terminal(columns, rows);
    report(...crowd);
    const [step] = Object.keys(steps);
    for (let i = 0; i < 5; i++) report(warned(`${step}@w`, `w${i}`), failed(`${step}@f`, `f${i}`));
    report(finished({ failed: 5 }));
    expect(lines().filter((line) => /^ a_step/.test(line))).toHaveLength(25);
    const all = lines().join('');
    const said = Array.from({ length: 5 }, (_, i) => [`w${i}`, `f${i}`]).flat();
    const places = said.map((text) => all.indexOf(text));
    expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
    for (let i = 0; i < 5; i++) expect(all.split(`w${i}`)).toHaveLength(2);
    expect(lines().filter((line) => line === 'ground-truth')).toHaveLength(1);
  });
});
