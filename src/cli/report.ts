import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { writeAtomic } from '../files/atomic-write.ts';
import { parentState } from '../out/path.ts';
import { readOutState } from '../out/state.ts';
import { outStateLines } from '../report/out.ts';
import { nearPath } from '../report/summary.ts';
import { DONE, refuse } from './exit.ts';
import { requestFrom, type SharedOptions } from './options.ts';

export const addReport = (program: Command): Command =>
  program
    .command('report')
    .description('open the report of the last run, or print its path; write a page about the run itself beside it')
    .argument('[pipeline]', 'a pipeline (*.yaml; default pipeline.yaml)')
    .option('--store <folder>', 'where results are kept (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)')
    .action(async (pipeline: string | undefined, options: SharedOptions) => {
      process.exitCode = await reportCommand(pipeline === undefined ? [] : [pipeline], options);
    });

/** On a terminal of a desktop the page is opened; elsewhere only its path is of use. */
async function reportCommand(positionals: string[], options: SharedOptions): Promise<number> {
  const request = requestFrom(positionals, options);
  if (request.targets.length > 0) return refuse({ reason: 'usage', message: 'report takes a pipeline (*.yaml)' });
  const [{ viewLastRun }, { isRunPage, runViewPage }] = await Promise.all([
    import('../run-page/run-view.ts'),
    import('../run-page/page.ts'),
  ]);
  const viewed = viewLastRun(request);
  if (!viewed.ok) return refuse(viewed.error);
  const { report, request: ran } = viewed.value;
  const folder = report === null ? ran.out : dirname(report);
  if (!existsSync(report ?? ran.out)) {
    const message = `${nearPath(report ?? ran.out)} is gone`;
    return refuse({ reason: 'usage', message, hint: 'groundproof run puts it back, without running anything' });
  }
  const runPage = join(folder, 'run.html');
  const inTheWay = standsInTheWay(ran.out, relative(ran.out, runPage), isRunPage);
  if (inTheWay !== undefined) return refuse({ reason: 'out-in-the-way', paths: [inTheWay] });
  writeAtomic(runPage, await runViewPage(viewed.value, folder));
  const { stdout, stderr } = process;
  const state = readOutState(ran.out);
  for (const line of state ? outStateLines(state, ran.out) : []) stderr.write(`${line}\n`);
  stdout.write(
    [report ?? [], runPage]
      .flat()
      .map((path) => `${nearPath(path)}\n`)
      .join(''),
  );
  if (stdout.isTTY) openPage(report ?? runPage);
  return DONE;
}

/** A link on the way to the page, or in its place, or a file of the user's. */
function standsInTheWay(root: string, page: string, isOurs: (text: string) => boolean): string | undefined {
  const way = parentState(root, page);
  if (typeof way === 'object') return way.blockedBy;
  const path = join(root, page);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  return found.isFile() && isOurs(readFileSync(path, 'utf8')) ? undefined : path;
}

/** With the program that the desktop has for it; where there is none, the printed path must do. */
function openPage(path: string): void {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  const opener =
    process.platform === 'darwin'
      ? 'open'
      : process.platform === 'win32'
        ? 'explorer'
        : (DISPLAY ?? WAYLAND_DISPLAY)
          ? 'xdg-open'
          : '';
  if (opener === '' || CI) return;
  const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
  child.on('error', () => {}); // no such program: the path is printed
  child.unref();
}
