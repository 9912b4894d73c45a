/** Gives the network to tasks that declare to use it: proxies, a folder for downloads, and few tasks at a time. */

import { rmSync } from 'node:fs';
import pLimit from 'p-limit';
import type { ActionFailure } from '../base/failure.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { err, type Result } from '../base/result.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { makeFolder } from '../files/make-folder.ts';
import { proxiesIn } from '../remote/proxies.ts';
import { claim } from '../store/await-claim.ts';
import { holderText } from '../store/holder-text.ts';
import type { Preimage } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { Network } from '../task/define.ts';
import { INTERRUPTED } from './job.ts';
import type { ActionHooks } from './run-task.ts';

/** Two at a time regardless of `--jobs`: servers of public data sets answer more with 429. */
const limited = pLimit(2);

/** Names downloads by the data, not by the code: new code need not fetch the same data again. */
const downloadsId = ({ params, inputs, outputs }: Preimage): Digest =>
  digestOf(canonicalJson({ params, inputs, outputs } as unknown as Json));

/** The folder in which an action keeps its downloads between attempts. */
export const downloadsFolder = (store: Store, preimage: Preimage): string => store.download(downloadsId(preimage));

interface NetworkUse<T> {
  /** How many other actions of the step the run has yet to begin; called when the attempt begins. */
  countOthers(): Promise<number>;
  attempt(network: Network): Promise<Result<T, ActionFailure>>;
}

/** Waits for a turn, then attempts. A claim keeps other code that fetches the same data out of the downloads folder. */
export const withNetwork = <T>(
  preimage: Preimage,
  store: Store,
  { log, signal }: Pick<ActionHooks, 'log' | 'signal'>,
  { countOthers, attempt }: NetworkUse<T>,
): Promise<Result<T, ActionFailure>> =>
  limited(async () => {
    const id = downloadsId(preimage);
    const held = await claim(store.claim(id), {
      opening: store.opening,
      signal,
      onWait: (holder) =>
        log({
          level: 'notice',
          message: `the same is being fetched by other code of ${holderText(holder)}; waiting for it`,
        }),
    });
    if (!held) return err(INTERRUPTED);
    const folder = store.download(id);
    try {
      makeFolder(folder);
      return await attempt({ proxies: proxiesIn(process.env), kept: folder, others: await countOthers() });
    } finally {
      if (entriesIn(folder).length === 0) rmSync(folder, { recursive: true, force: true });
      held.release();
    }
  });
