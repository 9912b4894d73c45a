/** A run as JUnit XML for CI systems: a suite for each step, a case for each action, failures with message and log. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { partsOf } from '../base/action-name.ts';
import { unreachable } from '../base/result.ts';
import { writeAtomic } from '../files/atomic-write.ts';
import type { ActionFinished, Event } from '../history/event.ts';
import { actionFailureText } from './action-failure.ts';
import { listText } from './list.ts';
import type { Reporter } from './reporter.ts';
import { escaped } from './xml.ts';

/** Writes the file when the run is over, also after a failure; without cases if the run never began. */
export function junitReporter(path: string): Reporter {
  const events: Event[] = [];
  return {
    report(event) {
      if (event.type === 'run-started' || event.type === 'action-finished') events.push(event);
    },
    say() {},
    close() {
      mkdirSync(dirname(path), { recursive: true });
      writeAtomic(path, junitXml(events));
    },
  };
}

/** Sends the same events to several reporters, and closes each even if another throws. */
export const allOf = (reporters: readonly Reporter[]): Reporter => ({
  report(event) {
    for (const reporter of reporters) reporter.report(event);
  },
  say(text) {
    for (const reporter of reporters) reporter.say(text);
  },
  close() {
    const [first, ...others] = reporters;
    try {
      first?.close();
    } finally {
      if (others.length > 0) allOf(others).close();
    }
  },
});

export function junitXml(events: readonly Event[]): string {
  const started = events.find((event) => event.type === 'run-started');
  const suites = new Map<string, ActionFinished[]>(started?.steps.map(({ step }) => [step, []]));
  for (const event of events) {
    if (event.type === 'action-finished') suites.get(partsOf(event.action).step)?.push(event);
  }
  const name = started?.pipeline ?? 'groundproof';
  const all = [...suites.values()].flat();
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts(all) })}>`,
    ...[...suites].flatMap(([step, finished]) => [
      `  <testsuite${attributes({ name: step, ...counts(finished) })}>`,
      ...finished.map((event) => testcase(event, `${name}.${step}`)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function counts(finished: readonly ActionFinished[]) {
  const count = (...outcomes: readonly ActionFinished['outcome'][]) =>
    finished.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    tests: finished.length,
    failures: count('failed'),
    errors: 0,
    skipped: count('blocked', 'cancelled'),
    time: seconds(finished.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  };
}

function testcase(event: ActionFinished, classname: string): string {
  const open = `    <testcase${attributes({ classname, name: event.action, time: seconds(event.milliseconds) })}`;
  switch (event.outcome) {
    case 'failed': {
      const message = actionFailureText(event.failure);
      const log = event.log.map((line) => `${line.level === 'warning' ? 'warning: ' : ''}${line.message}`);
      const first = message.split('\n')[0] ?? '';
      const failure = attributes({ message: first, type: event.failure.reason });
      return `${open}>\n      <failure${failure}>${escaped([message, ...log].join('\n'))}</failure>\n    </testcase>`;
    }
    case 'blocked':
      return `${open}><skipped${attributes({ message: `blocked by ${listText(event.by, ', ')}` })}/></testcase>`;
    case 'cancelled':
      return `${open}><skipped${attributes({ message: 'not started or stopped' })}/></testcase>`;
    case 'executed':
    case 'reused':
      return `${open}/>`;
    default:
      return unreachable(event);
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const attributes = (values: { readonly [name: string]: string | number }): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll(/[\n\t]/g, ' ')}"`)
    .join('');
