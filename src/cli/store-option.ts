/** Which store a command is about that needs no pipeline: the one beside the pipeline, or the named one. */
import type { Command } from 'commander';
import { requestOf } from '../load/request.ts';

export interface StoreOptions {
  readonly store?: string;
}

export const withStore = (command: Command): Command =>
  command
    .argument('[pipeline]', 'the pipeline whose store is meant (default: pipeline.yaml here)')
    .option('--store <folder>', 'the store (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)');

export const storeFrom = (pipeline: string | undefined, { store }: StoreOptions): string =>
  requestOf({ ...(pipeline === undefined ? {} : { pipeline }), ...(store === undefined ? {} : { store }) }).store;
