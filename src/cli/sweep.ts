import { rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeAtomic } from '../files/atomic-write.ts';
import { paintFor } from '../report/paint.ts';
import { clip } from '../report/width.ts';
import type { Sweep } from '../sweep/sweep.ts';
import { DONE, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { liveLine } from './live-line.ts';
import {
  collect,
  refuseMissing,
  requestFrom,
  type SharedOptions,
  withRemote,
  withScheduling,
  withTargets,
} from './options.ts';
import { reproduceCommand } from './reproduce.ts';

/** Columns of the table if stdout is no terminal. */
const WIDTH = 120;

export const addSweep = (program: Command): Command =>
  withRemote(withScheduling(withTargets(program.command('sweep'))))
    .description('run once for each value of a parameter, and show how the headlines change')
    .option(
      '--set <step.param=values>',
      'a range 6..10:0.5 or a list 6,8,10; repeat it for all combinations; write values that are lists as [[1, 2], [3]]',
      collect,
    )
    .option('--out <folder>', 'the folder for the table and the picture (default: out-sweep/ beside the pipeline)')
    .action(async (positionals: string[], options: SharedOptions) => {
      process.exitCode = await sweepCommand(positionals, options);
    });

async function sweepCommand(positionals: string[], { out, ...options }: SharedOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  const refused = refuseMissing(request);
  if (refused !== undefined) return refused;
  const folder = resolve(out ?? join(dirname(request.pipeline), 'out-sweep'));
  const { stdout, stderr, env } = process;
  const line = liveLine();
  const show = (text: string) => line(clip(text, (stderr.columns || WIDTH) - 1));
  const say = (lines: readonly string[]) => {
    show('');
    stderr.write(lines.map((line) => `${line}\n`).join(''));
  };

  const [{ sweep }, { sweepProgress }] = await Promise.all([
    import('../sweep/sweep.ts'),
    import('../sweep/progress.ts'),
  ]);
  const reproduce = (action: string, set: readonly string[]) =>
    reproduceCommand({ ...request, overrides: { ...request.overrides, set } }, action);
  const progress = sweepProgress({ say, show, paint: paintFor(stderr, env), reproduce });
  const swept = await sweep(request, progress, interruptible());
  if (!swept.ok) return refuse(swept.error);
  if (swept.value.interrupted) {
    say(['interrupted; the next sweep continues here']);
    return INTERRUPTED;
  }
  const { sweepLines } = await import('../sweep/text.ts');
  stdout.write(`${sweepLines(swept.value, paintFor(stdout, env), stdout.columns || WIDTH).join('\n')}\n`);
  const written = await write(swept.value, folder);
  say([`${written.join(' and ')} in ${relative(process.cwd(), folder) || '.'}`]);
  return swept.value.runs.some(({ failed, blocked }) => failed + blocked > 0) ? FAILED : DONE;
}

/** Writes the table and the picture; if there is no picture, removes the picture of an earlier sweep. */
async function write(swept: Sweep, folder: string): Promise<readonly string[]> {
  const [{ sweepTable }, { sweepFigure }, { encodeTable }, { encodeCsv }, { renderFigure }] = await Promise.all([
    import('../sweep/table.ts'),
    import('../sweep/figure.ts'),
    import('../task/table-file.ts'),
    import('../task/csv.ts'),
    import('../task/render-figure.ts'),
  ]);
  const path = (extension: string) => join(folder, `sweep${extension}`);
  const { schema, columns } = sweepTable(swept);
  const encoded = await encodeTable(schema, columns);
  if (!encoded.ok) throw new Error(`the table of a sweep: ${JSON.stringify(encoded.error)}`);
  writeAtomic(path('.arrow'), encoded.value);
  writeAtomic(path('.csv'), encodeCsv(schema, columns));
  const spec = sweepFigure(swept);
  const figure = spec && (await renderFigure(spec));
  if (!figure) {
    for (const extension of ['.svg', '.png']) rmSync(path(extension), { force: true });
    return ['sweep.arrow', 'sweep.csv (too much for a picture)'];
  }
  if (!figure.ok) throw new Error(figure.error.message);
  writeAtomic(path('.svg'), figure.value.svg);
  writeAtomic(path('.png'), figure.value.png);
  return ['sweep.arrow, .csv, .svg, .png'];
}
