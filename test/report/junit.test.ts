import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/history/event.ts';
import { allOf, junitReporter, junitXml } from '../../src/report/junit.ts';
import { put, temporaryFolder } from '../store/temporary.ts';
import { eventful, failed, started } from './events.ts';

test('junitXml has a suite for each step and a case for each action', () => {
  expect(`\n${junitXml(eventful)}`).toMatchInlineSnapshot(`
    "
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="ground-truth" tests="7" failures="1" errors="0" skipped="2" time="1.860">
      <testsuite name="unzip" tests="3" failures="0" errors="0" skipped="0" time="1.500">
        <testcase classname="ground-truth.unzip" name="unzip@a" time="0.000"/>
        <testcase classname="ground-truth.unzip" name="unzip@b" time="0.000"/>
        <testcase classname="ground-truth.unzip" name="unzip@c" time="1.500"/>
      </testsuite>
      <testsuite name="detect" tests="3" failures="1" errors="0" skipped="1" time="0.360">
        <testcase classname="ground-truth.detect" name="detect@b" time="0.020">
          <failure message="no peak is above the threshold: 0 of 12000 samples" type="data">no peak is above the threshold: 0 of 12000 samples
    reading
    warning: the trace is short</failure>
        </testcase>
        <testcase classname="ground-truth.detect" name="detect@a" time="0.340"/>
        <testcase classname="ground-truth.detect" name="detect@c" time="0.000"><skipped message="not started or stopped"/></testcase>
      </testsuite>
      <testsuite name="summary" tests="1" failures="0" errors="0" skipped="1" time="0.000">
        <testcase classname="ground-truth.summary" name="summary" time="0.000"><skipped message="blocked by detect@b"/></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

describe('junitXml with hostile messages', () => {
  test('escapes a failure in the attribute and in the element', () => {
    const xml = junitXml([
      started({ s: 1 }),
      failed('s@a', 'a < b & "c" > d\u0000\u001b[31m\uFFFF\nsecond\tline\ud800'),
    ]);
    expect(xml).toContain('message="a &lt; b &amp; &quot;c&quot; &gt; d[31m"');
    expect(xml).toContain(
      '>a &lt; b &amp; &quot;c&quot; &gt; d[31m\nsecond\tline\nreading\nwarning: the trace is short<',
    );
  });

  test('stays well-formed XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const xml = junitXml([started({ s: 1 }), failed('s@a', message)]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
        expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
        expect(Buffer.from(xml).toString()).toBe(xml);
        const text = /<failure message="([^"<]*)" type="data">([^<]*)<\/failure>/.exec(xml);
        expect(text).not.toBeNull();
        expect(text?.[2]?.replaceAll(/&(amp|lt|gt|quot);/g, '')).not.toContain('&');
      }),
    );
  });
});

test('junitReporter writes its file at the end, makes its folder and replaces an old file', () => {
  const path = join(temporaryFolder(), 'reports', 'junit.xml');
  const run = (events: readonly Event[]) => {
    const reporter = junitReporter(path);
    for (const event of events) reporter.report(event);
    reporter.close();
    return readFileSync(path, 'utf8');
  };
  expect(run(eventful)).toBe(junitXml(eventful));
  put(path, 'all was well');
  expect(run([])).toContain('<testsuites name="groundproof" tests="0"');
});

test('allOf sends events to every reporter in order, and closes each even if another throws', () => {
  const heard: string[] = [];
  const one = (name: string, close: () => void) => ({
    report: (event: Event) => void heard.push(`${name} ${event.type}`),
    say: (text: string) => void heard.push(`${name} says ${text}`),
    close() {
      heard.push(`${name} closed`);
      close();
    },
  });
  const fails = () => {
    throw new Error('disk full');
  };
  const all = allOf([one('a', fails), one('b', () => {})]);
  all.report(started({}));
  all.say('stopping');
  expect(() => all.close()).toThrow('disk full');
  expect(heard).toEqual([
    'a run-started',
    'b run-started',
    'a says stopping',
    'b says stopping',
    'a closed',
    'b closed',
  ]);
});
