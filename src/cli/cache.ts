import type { Command } from 'commander';
import type { Store } from '../store/layout.ts';
import { DONE, FAILED, refuse } from './exit.ts';
import { liveLine } from './live-line.ts';
import { requestForStore, type StoreOptions, withStoreOf } from './options.ts';

export const addCache = (program: Command): Command => {
  const cache = program.command('cache').description('show or check the contents of the store');
  withStoreOf(cache.command('stats'))
    .description('show how much the store holds, by step')
    .action(onStore(showStats))
    .exitOverride();
  withStoreOf(cache.command('check'))
    .description('hash the whole store again, and drop damaged, unreferenced and half-made files')
    .action(onStore(check))
    .exitOverride();
  return cache;
};

const onStore =
  (use: (store: Store) => Promise<number>) => async (pipeline: string | undefined, options: StoreOptions) => {
    const { openExisting } = await import('../upkeep/gc.ts');
    const store = openExisting(requestForStore(pipeline, options).store);
    if (!store.ok) {
      process.exitCode = refuse(store.error);
      return;
    }
    try {
      process.exitCode = await use(store.value);
    } finally {
      store.value.close();
    }
  };

async function showStats(store: Store): Promise<number> {
  const [{ statsOf }, { statsLines }] = await Promise.all([import('../upkeep/stats.ts'), import('../upkeep/text.ts')]);
  process.stdout.write(`${statsLines(statsOf(store)).join('\n')}\n`);
  return DONE;
}

async function check(store: Store): Promise<number> {
  const [{ checkStore }, { checkedLines }, { bytesText }, { paintFor }] = await Promise.all([
    import('../upkeep/check.ts'),
    import('../upkeep/text.ts'),
    import('../base/amounts.ts'),
    import('../report/paint.ts'),
  ]);
  const { stdout, env } = process;
  const show = liveLine();
  const checked = await checkStore(store, (done, all) => show(`checked ${bytesText(done)} of ${bytesText(all)}`));
  show('');
  stdout.write(`${checkedLines(checked, paintFor(stdout, env)).join('\n')}\n`);
  return checked.damage.length === 0 ? DONE : FAILED;
}
