import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/base/result.ts';
import { INTERRUPTED } from '../../src/execute/job.ts';
import { withNetwork } from '../../src/execute/network.ts';
import { proxiesIn } from '../../src/remote/proxies.ts';
import type { Network } from '../../src/task/define.ts';
import { preimage, temporaryStore } from '../store/temporary.ts';

const countOthers = async () => 0;
const quiet = { log: () => {}, signal: new AbortController().signal };

/** Attempts in the order in which they began; the test ends them. */
function attempts() {
  const begun: { readonly network: Network; readonly end: () => void }[] = [];
  const attempt = (network: Network) =>
    new Promise<ReturnType<typeof ok<null>>>((resolve) => {
      begun.push({ network, end: () => resolve(ok(null)) });
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, attempt, settled };
}

test('at most two actions use the network at a time, each with its own downloads folder, which is removed if empty', async () => {
  const store = temporaryStore();
  const { begun, attempt, settled } = attempts();
  const all = [1, 2, 3].map((n) => withNetwork(preimage({ n }), store, quiet, { countOthers, attempt }));
  await settled();
  expect(begun.length).toBe(2);
  const [first, second] = begun.map(({ network }) => network.kept);
  expect(first).not.toBe(second);
  writeFileSync(join(first ?? '', 'part'), '');
  begun[0]?.end();
  await all[0];
  await settled();
  expect(begun.length).toBe(3);
  for (const { end } of begun) end();
  await Promise.all(all);
  expect([first, second].map((kept) => existsSync(kept ?? ''))).toEqual([true, false]);
});

test('other code that fetches the same data waits, and then finds the earlier downloads', async () => {
  const store = temporaryStore();
  const { begun, attempt } = attempts();
  const original = preimage({ url: 'u' });
  const other = { ...original, task: { ...original.task, packages: ['undici@6.0.0'] } } as typeof original;
  const waiting = new Promise<string>((log) => {
    void withNetwork(original, store, quiet, { countOthers, attempt });
    void withNetwork(other, store, { ...quiet, log: ({ message }) => log(message) }, { countOthers, attempt }).then(
      () => store.close(),
    );
  });
  expect(await waiting).toMatch(/^the same is being fetched by other code of this run; waiting for it$/);
  await expect.poll(() => begun.length).toBe(1);
  writeFileSync(join(begun[0]?.network.kept ?? '', 'part'), '');
  begun[0]?.end();
  await expect.poll(() => begun.length).toBe(2);
  expect(begun[1]?.network.kept).toBe(begun[0]?.network.kept);
  begun[1]?.end();
});

test('no action begins to use the network after Ctrl-C', async () => {
  const interrupted = { ...quiet, signal: AbortSignal.abort() };
  const attempted = await withNetwork(preimage(), temporaryStore(), interrupted, {
    countOthers,
    attempt: async () => ok(null),
  });
  expect(attempted).toEqual({ ok: false, error: INTERRUPTED });
});

test('proxies come from the environment, lower-case names first', () => {
  expect(proxiesIn({ HTTP_PROXY: 'a', http_proxy: 'b', HTTPS_PROXY: 'c', no_proxy: 'd' })).toEqual({
    http: 'b',
    https: 'c',
    except: 'd',
  });
  expect(proxiesIn({})).toEqual({ http: '', https: '', except: '' });
});
