/** The network, for the tasks that declare to use it: how it is reached, what they keep, and how many at once. */

import { rmSync } from 'node:fs';
import pLimit from 'p-limit';
import type { ActionFailure } from '../base/failure.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { err, type Result } from '../base/result.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { makeFolder } from '../files/make-folder.ts';
import { proxiesIn } from '../remote/proxies.ts';
import { claim } from '../store/claim.ts';
import { holderText } from '../store/holder-text.ts';
import { entriesOf } from '../store/inventory.ts';
import type { Key, Preimage } from '../store/key.ts';
import type { Store } from '../store/open.ts';
import type { Network } from '../task/define.ts';
import { INTERRUPTED } from './job.ts';
import type { Ears } from './run-task.ts';

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
