/** The network, for the tasks that declare to use it: how it is reached, what they keep, and how many at once. */
import { rmSync } from 'node:fs';
import pLimit from 'p-limit';
import { canonicalJson } from '../cache/canonical-json.ts';
import { claim } from '../cache/claim.ts';
import { type Digest, digestOf } from '../cache/digest.ts';
import { entriesOf } from '../cache/inventory.ts';
import type { Key, Preimage } from '../cache/key.ts';
import { makeFolder } from '../cache/make-folder.ts';
import type { Store } from '../cache/store.ts';
import type { ActionFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { err, type Result } from '../result.ts';
import type { Network } from '../task/define.ts';
import { holderText } from './holder-text.ts';
import { INTERRUPTED } from './interrupted.ts';
import type { Ears } from './perform-task.ts';
import { proxiesIn } from './proxies.ts';

/** Whatever `--jobs` is: servers of public data sets answer more with 429. */
const oneOfFew = pLimit(2);

/** What an action keeps is named by what it fetches, not by its code: new code need not fetch again what is here already. */
const nameOfKept = ({ params, inputs, outputs }: Preimage): Digest =>
  digestOf(canonicalJson({ params, inputs, outputs } as unknown as Json));

/** The folder of what an action keeps between attempts. */
export const keptFolder = (store: Store, preimage: Preimage): string => store.kept(nameOfKept(preimage));

/** Lets an attempt use the network when it is its turn. A claim keeps other code for the same out of the kept folder. */
export const withNetwork = <T>(
  preimage: Preimage,
  store: Store,
  { log, signal }: Pick<Ears, 'log' | 'signal'>,
  others: () => Promise<number>,
  attempt: (network: Network) => Promise<Result<T, ActionFailure>>,
): Promise<Result<T, ActionFailure>> =>
  oneOfFew(async () => {
    const what = nameOfKept(preimage);
    const held = await claim(store.claim(what as string as Key), store.opening, signal, (holder) =>
      log({
        level: 'notice',
        message: `the same is being fetched by other code of ${holderText(holder)}; waiting for it`,
      }),
    );
    if (!held) return err(INTERRUPTED);
    const kept = store.kept(what);
    try {
      makeFolder(kept);
      return await attempt({ proxies: proxiesIn(process.env), kept, others: await others() });
    } finally {
      if (entriesOf(kept).length === 0) rmSync(kept, { recursive: true, force: true });
      held.release();
    }
  });
