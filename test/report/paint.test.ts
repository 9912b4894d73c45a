import { expect, test } from 'vitest';
import { isLive, paintFor } from '../../src/report/paint.ts';

const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;

test.each<[string, { isTTY: boolean; env: NodeJS.ProcessEnv }, { live: boolean; coloured: boolean }]>([
  ['a terminal', { isTTY: true, env: {} }, { live: true, coloured: true }],
  ['a terminal without colour', { isTTY: true, env: { NO_COLOR: '1' } }, { live: true, coloured: false }],
  ['an empty NO_COLOR, which counts as unset', { isTTY: true, env: { NO_COLOR: '' } }, { live: true, coloured: true }],
  ['CI', { isTTY: true, env: { CI: 'true' } }, { live: false, coloured: false }],
  ['a terminal that cannot move its cursor', { isTTY: true, env: { TERM: 'dumb' } }, { live: false, coloured: false }],
  ['a file or a pipe', { isTTY: false, env: { TERM: 'xterm' } }, { live: false, coloured: false }],
])('paintFor and isLive: %s', (_, { isTTY, env }, { live, coloured }) => {
  expect(isLive(stream(isTTY), env)).toBe(live);
  expect(paintFor(stream(isTTY), env).isColorSupported).toBe(coloured);
});
