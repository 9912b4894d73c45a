import { expect, test } from 'vitest';
import { isLive, paintFor } from '../../src/report/paint.ts';

const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;

test.each([
  ['a terminal', true, {}, true, true],
  ['a terminal without colour', true, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR, which counts as unset', true, { NO_COLOR: '' }, true, true],
  ['CI', true, { CI: 'true' }, false, false],
  ['a terminal that cannot move its cursor', true, { TERM: 'dumb' }, false, false],
  ['a file or a pipe', false, { TERM: 'xterm' }, false, false],
])('paintFor and isLive: %s', (_, isTTY, env, live, coloured) => {
  expect(isLive(stream(isTTY), env)).toBe(live);
  expect(paintFor(stream(isTTY), env).isColorSupported).toBe(coloured);
});
