import { expect, test } from 'vitest';
import type * as Terminal from '../../src/report/terminal.ts';
import { HOSTILE, HOSTILE_LINES, steering } from './hostile.ts';

/** A copy of the module with a stream that it guards; other tests keep theirs unguarded. */
async function guarded() {
  const module = '../../src/report/terminal.ts?guarded';
  const { guard, own } = (await import(module)) as typeof Terminal;
  let printed = '';
  const stream = {
    write(text: string) {
      printed += text;
      return true;
    },
  } as NodeJS.WriteStream;
  guard(stream);
  return { stream, own, printed: () => printed };
}

test('a guarded stream lets no control and no command of a CI log through', async () => {
  const { stream, printed } = await guarded();
  stream.write(`${HOSTILE_LINES}\n`);
  expect(steering(printed())).toEqual([]);
  expect(printed()).toContain(': :set-output name=a::b');
});

test("a guarded stream lets the engine's own sequences through, and none that look like them", async () => {
  const { stream, own, printed } = await guarded();
  const [marked] = own('\u001b[1m').split('[1m');
  stream.write(`${own('\u001b[31m')}red ${HOSTILE}${own('\u001b[39m')}\n`);
  expect(printed().startsWith('\u001b[31mred ')).toBe(true);
  expect(printed().endsWith('\u001b[39m\n')).toBe(true);
  expect(printed().slice(5, -6)).not.toMatch(/\p{Cc}/u);
  // Another process has another mark, so what it printed is no sequence here.
  stream.write(marked?.replace(/[0-9a-f]{24}/, '0'.repeat(24)) ?? '');
  expect(printed().split('\u001b')).toHaveLength(3);
});

test('a command of a CI log behind a colour is broken up as well', async () => {
  const { stream, own, printed } = await guarded();
  stream.write(`${own('\u001b[2m')}  ::error::a${own('\u001b[22m')}\n`);
  expect(printed()).toBe('\u001b[2m  : :error::a\u001b[22m\n');
});

test('plain text passes a guarded stream as it is', async () => {
  const { stream, printed } = await guarded();
  const plain = 'a\tb\n網膜 😀 e\u0301 a::b # c\n';
  stream.write(plain);
  expect(printed()).toBe(plain);
});
