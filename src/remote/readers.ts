/**
 * Who reads what, while actions are executed. An action that writes into what it reads spoils the results of others that
 * read the same meanwhile; that is known only when it has ended, so until then they are not recorded anywhere else.
 */
import type { Digest } from '../files/digest.ts';
import type { InputIdentity, Preimage } from '../store/key.ts';

export interface Readers {
  /** An action is executed from now on, until the returned function is called. */
  begin(preimage: Preimage): () => void;
  /** Resolves when all have ended that read something that this one read, and had begun by now. */
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
      const own = [...digestsIn(preimage)];
      const others = [...reading].filter(([, digests]) => own.some((digest) => digests.has(digest)));
      await Promise.all(others.map(([ended]) => ended));
    },
  };
}

const digestsIn = ({ inputs }: Preimage): Set<Digest> => new Set(Object.values(inputs).flatMap(digestsOf));

const digestsOf = (input: InputIdentity): readonly Digest[] => {
  if ('gathered' in input) return input.gathered.flatMap((one) => ('digest' in one ? [one.digest] : []));
  return 'digest' in input ? [input.digest] : [];
};
