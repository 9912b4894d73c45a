/**
 * Runs of trivial actions, beside other tools: with nothing to do, after one change, and cold. All of it takes about
 * a quarter of an hour; a size that is named is measured with slow tools too.
 * npm run bench:noop [-- SIZE ...]
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, type Contestant, compare } from './lib/compare.ts';
import { report } from './lib/report.ts';
import { installed, type Times, timed } from './lib/timed.ts';
import {
  chainsFor,
  groundproofLayout,
  type Layout,
  makeLayout,
  ninjaLayout,
  snakemakeLayout,
  sourceOf,
  turboLayout,
  wireitLayout,
} from './noop/chains.ts';

interface Tool {
  readonly name: string;
  /** The program to look for. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly layout: Layout;
  /** What it makes and remembers. */
  readonly made: readonly string[];
  readonly source: (chain: string) => string;
  /** Beyond so many actions it takes part only in sizes that are named. */
  readonly unasked: number;
  /** Beyond so many actions one round would take an hour. */
  readonly most: number;
}

/** What starts a process or more for every action, each slower than the action. */
const slow = { unasked: 115 };
const fast = { unasked: Infinity, most: Infinity };

const project = process.cwd();
const jobs = String(availableParallelism());
const tools: readonly Tool[] = [
  {
    name: 'groundproof',
    program: process.execPath,
    args: [join(project, 'dist/cli.js'), 'run', '--jobs', jobs],
    layout: groundproofLayout(project),
    made: ['cache', 'out'],
    source: sourceOf,
    ...fast,
  },
  { name: 'make', program: 'make', args: ['-j', jobs], layout: makeLayout, made: ['out'], source: sourceOf, ...fast },
  {
    name: 'ninja',
    program: 'ninja',
    args: ['-j', jobs],
    layout: ninjaLayout,
    made: ['out', '.ninja_log', '.ninja_deps'],
    source: sourceOf,
    ...fast,
  },
  {
    name: 'turbo',
    program: 'turbo',
    args: ['run', 'link4', '--concurrency', jobs],
    env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
    layout: turboLayout,
    made: ['.turbo', 'node_modules', 'out'],
    source: (chain) => `packages/${chain}/source.txt`,
    ...slow,
    most: 3000,
  },
  {
    name: 'wireit',
    program: 'npm',
    args: ['run', 'all'],
    env: { WIREIT_PARALLEL: jobs },
    layout: wireitLayout,
    made: ['.wireit', 'out'],
    source: sourceOf,
    ...slow,
    most: 1000,
  },
  {
    name: 'snakemake',
    program: 'snakemake',
    args: ['--cores', jobs],
    layout: snakemakeLayout,
    made: ['.snakemake', 'out'],
    source: sourceOf,
    ...slow,
    most: 1000,
  },
];

const ROUNDS = 5;
const NOTHING_ROUNDS = 9;

const named = process.argv.slice(2).map(Number);
const present = tools.filter(({ name }) => name === 'groundproof' || installed(name));
for (const { name } of tools.filter((tool) => !present.includes(tool)))
  console.log(`${name} is not installed: left out`);

const root = mkdtempSync(join(tmpdir(), 'groundproof-noop-'));
try {
  const comparisons: Comparison[] = [];
  for (const size of named.length > 0 ? named : [115, 1000, 3000, 10_000]) comparisons.push(...(await compareAt(size)));
  report('noop', comparisons);
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function compareAt(size: number): Promise<readonly Comparison[]> {
  const chains = chainsFor(size);
  const takesPart = ({ unasked, most }: Tool) => size <= (named.length > 0 ? most : unasked);
  const settings = present.filter(takesPart).map((tool) => {
    const folder = mkdtempSync(join(root, `${tool.name}-${size}-`));
    tool.layout(folder, chains);
    const run = (): Times => timed(tool.program, tool.args, { cwd: folder, ...(tool.env && { env: tool.env }) });
    return { ...tool, folder, run };
  });
  type Setting = (typeof settings)[number];
  const contestants = (each: (setting: Setting) => number): Contestant[] =>
    settings.map((setting) => ({ name: setting.name, run: () => ({ milliseconds: each(setting) }) }));
  const node: Contestant = {
    name: 'node -e 0',
    run: () => ({ milliseconds: timed(process.execPath, ['-e', '0'], { cwd: root }).cpu }),
  };

  let changes = 0;

  const cold = await compare(
    `${size} actions, cold: wall time`,
    makeFirst(
      contestants(({ folder, made, run }) => {
        for (const name of made) moveAside(join(folder, name));
        mkdirSync(join(folder, 'out'));
        return run().wall;
      }),
    ),
    ROUNDS,
    { warmUp: false },
  );
  const nothing = await compare(
    `${size} actions, nothing to do: processor time`,
    [node, ...contestants(({ run }) => run().cpu)],
    NOTHING_ROUNDS,
  );
  const oneChange = await compare(
    `${size} actions, one source changed: processor time`,
    [
      node,
      ...contestants(({ folder, source, run }) => {
        writeFileSync(join(folder, source('r0')), `change ${changes++}\n`);
        return run().cpu;
      }),
    ],
    ROUNDS,
    { warmUp: false },
  );
  const absent = present.filter((tool) => !takesPart(tool)).map(({ name }) => name);
  const leftOut = absent.length > 0 && { leftOut: `${absent.join(', ')}: too slow at this size` };
  return [nothing, oneChange, cold].map((comparison) => ({ ...comparison, ...leftOut }));
}

/** Removed at the end only: where many files were removed just now, some file systems look long for room for new ones. */
function moveAside(path: string): void {
  if (existsSync(path)) renameSync(path, join(mkdtempSync(join(root, 'old-')), 'made'));
}

/** Of a cold run, make is what the ratios refer to. */
function makeFirst(contestants: readonly Contestant[]): readonly Contestant[] {
  const isMake = ({ name }: Contestant) => name === 'make';
  return [...contestants.filter(isMake), ...contestants.filter((contestant) => !isMake(contestant))];
}
