/**
 * Times runs of trivial actions, beside other tools: with nothing to do, after a single change, and cold. All default
 * sizes take about a quarter of an hour. If sizes are given, slow tools take part too.
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
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly layout: Layout;
  /** The names that it writes: results and its own records. */
  readonly products: readonly string[];
  readonly source: (chain: string) => string;
  /** With more actions it takes part only if the size is given. */
  readonly defaultLimit: number;
  /** With more actions a round would take an hour. */
  readonly limit: number;
}

/** For tools that start processes for every action, which take longer than the action. */
const slow = { defaultLimit: 115 };
const fast = { defaultLimit: Infinity, limit: Infinity };

const project = process.cwd();
const jobs = String(availableParallelism());
const tools: readonly Tool[] = [
  {
    name: 'groundproof',
    program: process.execPath,
    args: [join(project, 'dist/cli.js'), 'run', '--jobs', jobs],
    layout: groundproofLayout(project),
    products: ['cache', 'out'],
    source: sourceOf,
    ...fast,
  },
  {
    name: 'make',
    program: 'make',
    args: ['-j', jobs],
    layout: makeLayout,
    products: ['out'],
    source: sourceOf,
    ...fast,
  },
  {
    name: 'ninja',
    program: 'ninja',
    args: ['-j', jobs],
    layout: ninjaLayout,
    products: ['out', '.ninja_log', '.ninja_deps'],
    source: sourceOf,
    ...fast,
  },
  {
    name: 'turbo',
    program: 'turbo',
    args: ['run', 'link4', '--concurrency', jobs],
    env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
    layout: turboLayout,
    products: ['.turbo', 'node_modules', 'out'],
    source: (chain) => `packages/${chain}/source.txt`,
    ...slow,
    limit: 3000,
  },
  {
    name: 'wireit',
    program: 'npm',
    args: ['run', 'all'],
    env: { WIREIT_PARALLEL: jobs },
    layout: wireitLayout,
    products: ['.wireit', 'out'],
    source: sourceOf,
    ...slow,
    limit: 1000,
  },
  {
    name: 'snakemake',
    program: 'snakemake',
    args: ['--cores', jobs],
    layout: snakemakeLayout,
    products: ['.snakemake', 'out'],
    source: sourceOf,
    ...slow,
    limit: 1000,
  },
];

const ROUNDS = 5;
const NOTHING_ROUNDS = 9;

const sizes = process.argv.slice(2).map(Number);
const present = tools.filter(({ name }) => name === 'groundproof' || installed(name));
for (const { name } of tools.filter((tool) => !present.includes(tool)))
  console.log(`${name} is not installed: left out`);

const root = mkdtempSync(join(tmpdir(), 'groundproof-noop-'));
try {
  const comparisons: Comparison[] = [];
  for (const size of sizes.length > 0 ? sizes : [115, 1000, 3000, 10_000]) comparisons.push(...(await compareAt(size)));
  report('noop', comparisons);
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function compareAt(size: number): Promise<readonly Comparison[]> {
  const chains = chainsFor(size);
  const takesPart = ({ defaultLimit, limit }: Tool) => size <= (sizes.length > 0 ? limit : defaultLimit);
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
      contestants(({ folder, products, run }) => {
        for (const name of products) moveAway(join(folder, name));
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

/** Moves instead of removing: after many removals some file systems take long to find space for new files. */
function moveAway(path: string): void {
  if (existsSync(path)) renameSync(path, join(mkdtempSync(join(root, 'old-')), 'products'));
}

/** Puts make first, so that the ratios of cold runs refer to it. */
function makeFirst(contestants: readonly Contestant[]): readonly Contestant[] {
  const isMake = ({ name }: Contestant) => name === 'make';
  return [...contestants.filter(isMake), ...contestants.filter((contestant) => !isMake(contestant))];
}
