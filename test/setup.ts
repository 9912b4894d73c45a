import fc from 'fast-check';
import { afterAll } from 'vitest';
import { removeTemporaryFolders } from './tasks/temporary-folder.ts';

// The same examples in every run, so that a red run is about the change at hand; SEED=... looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20261122) });

afterAll(removeTemporaryFolders);
