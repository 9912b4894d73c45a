import type { Command } from 'commander';
import { isLive, paintFor } from '../report/paint.ts';
import { ownSequence } from '../report/terminal.ts';
import { DONE, FAILED, refuse } from './exit.ts';
import { type StoreOptions, storeFrom, withStore } from './store-option.ts';

export const addCache = (program: Command): Command => {
  const cache = program.command('cache').description('look into the store');
  withStore(cache.command('stats'))
    .description('say what the store holds')
    .action(async (pipeline: string | undefined, options: StoreOptions) => {
      process.exitCode = await statsCommand(storeFrom(pipeline, options));
    })
    .exitOverride();
  withStore(cache.command('check'))
    .description('hash everything again, and drop what is damaged, unreferenced or half-made')
    .action(async (pipeline: string | undefined, options: StoreOptions) => {
      process.exitCode = await checkCommand(storeFrom(pipeline, options));
    })
    .exitOverride();
  return cache;
};

async function statsCommand(path: string): Promise<number> {
  const [{ openExisting }, { statsOf }, { statsLines }] = await Promise.all([
    import('../upkeep/gc.ts'),
    import('../upkeep/stats.ts'),
    import('../upkeep/text.ts'),
  ]);
  const store = openExisting(path);
  if (!store.ok) return refuse(store.error);
  try {
    process.stdout.write(`${statsLines(statsOf(store.value)).join('\n')}\n`);
    return DONE;
  } finally {
    store.value.close();
  }
}

async function checkCommand(path: string): Promise<number> {
  const [{ openExisting }, { checkStore }, { checkedLines }, { bytesText }] = await Promise.all([
    import('../upkeep/gc.ts'),
    import('../upkeep/check.ts'),
    import('../upkeep/text.ts'),
    import('../base/amounts.ts'),
  ]);
  const store = openExisting(path);
  if (!store.ok) return refuse(store.error);
  const { stdout, stderr, env } = process;
  const live = isLive(stderr, env);
  const progress = (done: number, all: number) =>
    stderr.write(`${ownSequence('\r\u001b[K')}checked ${bytesText(done)} of ${bytesText(all)}`);
  try {
    const checked = await checkStore(store.value, live ? progress : undefined);
    if (live) stderr.write(ownSequence('\r\u001b[K'));
    stdout.write(`${checkedLines(checked, paintFor(stdout, env)).join('\n')}\n`);
    return checked.damage.length === 0 ? DONE : FAILED;
  } finally {
    store.value.close();
  }
}
