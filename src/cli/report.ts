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
import { requestFrom, type StoreOptions, withStore } from './options.ts';

export const addReport = (program: Command): Command =>
  withStore(
    program
      .command('report')
      .description('open the report of the last run and print its path; also write run.html, a page about the run')
      .argument('[pipeline]', 'a pipeline (*.yaml; default: pipeline.yaml)'),
  ).action(async (pipeline: string | undefined, options: StoreOptions) => {
    process.exitCode = await reportCommand(pipeline === undefined ? [] : [pipeline], options);
  });

/** Opens the report in a desktop's terminal; elsewhere only prints its path. */
async function reportCommand(positionals: string[], options: StoreOptions): Promise<number> {
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

/** The link that leads to the page or replaces it, or the user's own file in its place. */
function standsInTheWay(root: string, page: string, isOurs: (text: string) => boolean): string | undefined {
  const way = parentState(root, page);
  if (typeof way === 'object') return way.blockedBy;
  const path = join(root, page);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  return found.isFile() && isOurs(readFileSync(path, 'utf8')) ? undefined : path;
}

/** Opens a page with the program of the desktop, if there is one. The path is printed anyway. */
function openPage(path: string): void {
  const opener = openerOf(process.platform, process.env);
  if (opener === undefined) return;
  const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
  // The program may not be installed.
  child.on('error', () => {});
  child.unref();
}

function openerOf(platform: NodeJS.Platform, { CI, DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): string | undefined {
  if (CI) return undefined;
  if (platform === 'darwin') return 'open';
  if (platform === 'win32') return 'explorer';
  return (DISPLAY ?? WAYLAND_DISPLAY) ? 'xdg-open' : undefined;
}
