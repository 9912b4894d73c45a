import { expect, test } from 'vitest';
import type * as Terminal from '../../src/report/terminal.ts';
import { HOSTILE, HOSTILE_LINES, steering } from './hostile.ts';

/** A fresh copy of the module and a stream that it guards: guarding changes the module's state. */
async function guarded() {
  const module = '../../src/report/terminal.ts?guarded';
  const { guard, ownSequence } = (await import(module)) as typeof Terminal;
  let printed = '';
  const stream = {
    write(text: string) {
      printed += text;
      return true;
    },
  } as NodeJS.WriteStream;
  guard(stream);
  return { stream, ownSequence, printed: () => printed };
}

test('a guarded stream removes control characters and CI commands', async () => {
  const { stream, printed } = await guarded();
  stream.write(`${HOSTILE_LINES}\n`);
  expect(steering(printed())).toEqual([]);
  expect(printed()).toContain(': :set-output name=a::b');
});

test("a guarded stream passes the engine's own sequences and removes imitations", async () => {
  const { stream, ownSequence, printed } = await guarded();
  const [marked] = ownSequence('\u001b[1m').split('[1m');
  stream.write(`${ownSequence('\u001b[31m')}red ${HOSTILE}${ownSequence('\u001b[39m')}\n`);
  expect(printed().startsWith('\u001b[31mred ')).toBe(true);
  expect(printed().endsWith('\u001b[39m\n')).toBe(true);
  expect(printed().slice(5, -6)).not.toMatch(/\p{Cc}/u);
  // Another process has another mark, so its sequences do not pass here.
  stream.write(marked?.replace(/[0-9a-f]{24}/, '0'.repeat(24)) ?? '');
  expect(printed().split('\u001b')).toHaveLength(3);
});

test('a guarded stream breaks up a CI command behind a colour', async () => {
  const { stream, ownSequence, printed } = await guarded();
  stream.write(`${ownSequence('\u001b[2m')}  ::error::a${ownSequence('\u001b[22m')}\n`);
  expect(printed()).toBe('\u001b[2m  : :error::a\u001b[22m\n');
});

test('a guarded stream passes plain text unchanged', async () => {
  const { stream, printed } = await guarded();
  const plain = 'a\tb\n網膜 😀 e\u0301 a::b # c\n';
  stream.write(plain);
  expect(printed()).toBe(plain);
});
