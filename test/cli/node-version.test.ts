import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { oldNodeText } from '../../src/cli/node-version.ts';

test('package.json names the versions of Node that the command accepts', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(engines.node).toBe('^20.15.0 || >=22.2.0');
});

test.each(['20.15.0', '20.20.2', '22.2.0', '23.0.0', '24.1.0', '30.0.0'])('accepts Node %s', (version) => {
  expect(oldNodeText(version)).toBeUndefined();
});

test.each(['18.20.8', '20.14.0', '21.7.3', '22.1.0'])('refuses Node %s with its sentence', (version) => {
  expect(oldNodeText(version)).toBe(
    `groundproof needs Node 20.15 or later (22.2 or later from 22 on), and this is Node ${version}: see https://nodejs.org`,
  );
});
