/**
 * Tracks the inputs of running actions. An action that writes into its input spoils the results of others that read the
 * same content meanwhile. That is known only when it has ended, so until then their results are not sent elsewhere.
 */
import type { Digest } from '../files/digest.ts';
import type { InputIdentity, Preimage } from '../store/key.ts';

export interface Readers {
  /** Called when an action starts; it ends when the returned function is called. */
  begin(preimage: Preimage): () => void;
  /** Resolves when all running actions that share an input with this preimage have ended. */
  ended(preimage: Preimage): Promise<void>;
}

export function openReaders(): Readers {
  const reading = new Map<Promise<void>, ReadonlySet<Digest>>();
  return {
    begin(preimage) {
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      reading.set(ended, digestsIn(preimage));
      return () => {
        reading.delete(ended);
        end();
      };
    },
    async ended(preimage) {
      const inputs = [...digestsIn(preimage)];
      const others = [...reading].filter(([, digests]) => inputs.some((digest) => digests.has(digest)));
      await Promise.all(others.map(([ended]) => ended));
    },
  };
}

const digestsIn = ({ inputs }: Preimage): Set<Digest> => new Set(Object.values(inputs).flatMap(digestsOf));

const digestsOf = (input: InputIdentity): readonly Digest[] => {
  if ('files' in input) return input.files.map(({ digest }) => digest);
  if ('gathered' in input) return input.gathered.flatMap((item) => ('digest' in item ? [item.digest] : []));
  return 'digest' in input ? [input.digest] : [];
};
