import { type Command, InvalidArgumentError } from 'commander';
import { parseBytes } from '../base/amounts.ts';
import { DONE, refuse } from './exit.ts';
import { requestForStore, type StoreOptions, wholeNumber, withStoreOf } from './options.ts';

interface GcOptions extends StoreOptions {
  readonly keepRuns?: number;
  readonly maxSize?: number;
  readonly dryRun?: boolean;
}

export const addGc = (program: Command): Command =>
  withStoreOf(program.command('gc'))
    .description('drop the results that neither recent runs nor a lock need')
    .option('--keep-runs <number>', 'how many runs of each pipeline keep their results (default: 20)', wholeNumber)
    .option(
      '--max-size <size>',
      'drop only until the store is smaller than this, such as 50GB, longest unused first',
      size,
    )
    .option('--dry-run', 'only list the results that would be dropped')
    .action(async (pipeline: string | undefined, options: GcOptions) => {
      process.exitCode = await gcCommand(pipeline, options);
    });

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
  const freed = gc({ store: requestForStore(pipeline, options).store, keepRuns, maxSize: maxSize ?? null, dryRun });
  if (!freed.ok) return refuse(freed.error);
  process.stdout.write(`${freedLines(freed.value).join('\n')}\n`);
  return DONE;
}
