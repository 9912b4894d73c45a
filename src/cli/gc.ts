import { type Command, InvalidArgumentError } from 'commander';
import { parseBytes } from '../base/amounts.ts';
import { DONE, refuse } from './exit.ts';
import { type StoreOptions, storeFrom, withStore } from './store-option.ts';

interface GcOptions extends StoreOptions {
  readonly keepRuns?: number;
  readonly maxSize?: number;
  readonly dryRun?: boolean;
}

export const addGc = (program: Command): Command =>
  withStore(program.command('gc'))
    .description('drop the results that no kept run and no lock needs')
    .option('--keep-runs <number>', 'keep what the last runs of each pipeline need (default: 20)', wholeNumber)
    .option('--max-size <size>', 'drop only until the store is below this (50GB), the longest unused first', size)
    .option('--dry-run', 'say what would go, and remove nothing')
    .action(async (pipeline: string | undefined, options: GcOptions) => {
      process.exitCode = await gcCommand(pipeline, options);
    });

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number of 1 or more.');
  return number;
}

function size(value: string): number {
  const bytes = parseBytes(value);
  if (bytes === undefined) throw new InvalidArgumentError('It takes a size like 50GB or 500MB.');
  return bytes;
}

async function gcCommand(pipeline: string | undefined, options: GcOptions): Promise<number> {
  const [{ gc, KEEP_RUNS }, { freedLines }] = await Promise.all([
    import('../upkeep/gc.ts'),
    import('../upkeep/text.ts'),
  ]);
  const { keepRuns = KEEP_RUNS, maxSize, dryRun = false } = options;
  const freed = gc({ store: storeFrom(pipeline, options), keepRuns, maxSize: maxSize ?? null, dryRun });
  if (!freed.ok) return refuse(freed.error);
  process.stdout.write(`${freedLines(freed.value).join('\n')}\n`);
  return DONE;
}
