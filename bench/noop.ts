/**
 * Runs of trivial actions, beside other tools: with nothing to do, after one change, and cold.
 * npm run bench:noop [-- SIZE ...]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, type Contestant, compare } from './lib/compare.ts';
import { report } from './lib/report.ts';
import { installed, type Times, timed } from './lib/timed.ts';
import {
  chainsFor,
  groundworkLayout,
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
  /** Beyond so many actions one round would take minutes. */
  readonly most: number;
}

const project = process.cwd();
const jobs = String(availableParallelism());
const tools: readonly Tool[] = [
  {
    name: 'groundwork',
    program: process.execPath,
    args: [join(project, 'dist/cli.js'), 'run', '--jobs', jobs],
    layout: groundworkLayout(project),
    made: ['cache', 'out'],
    source: sourceOf,
    most: Infinity,
  },
  { name: 'make', program: 'make', args: ['-j', jobs], layout: makeLayout, made: ['out'], source: sourceOf, most: 1e6 },
  {
    name: 'ninja',
    program: 'ninja',
    args: ['-j', jobs],
    layout: ninjaLayout,
    made: ['out', '.ninja_log', '.ninja_deps'],
    source: sourceOf,
    most: 1e6,
  },
  {
    name: 'turbo',
    program: 'turbo',
    args: ['run', 'link4', '--concurrency', jobs],
    env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
    layout: turboLayout,
    made: ['.turbo', 'node_modules', 'out'],
    source: (chain) => `packages/${chain}/source.txt`,
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
    most: 1000,
  },
  {
    name: 'snakemake',
    program: 'snakemake',
    args: ['--cores', jobs],
    layout: snakemakeLayout,
    made: ['.snakemake', 'out'],
    source: sourceOf,
    most: 1000,
  },
];

const sizes = process.argv.slice(2).map(Number);
const present = tools.filter(({ name }) => name === 'groundwork' || installed(name));
for (const { name } of tools.filter((tool) => !present.includes(tool)))
  console.log(`${name} is not installed: left out`);

const root = mkdtempSync(join(tmpdir(), 'groundwork-noop-'));
try {
  const comparisons: Comparison[] = [];
  for (const size of sizes.length > 0 ? sizes : [115, 1000, 3000, 10_000]) comparisons.push(...(await compareAt(size)));
  report('noop', comparisons);
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function compareAt(size: number): Promise<readonly Comparison[]> {
  const chains = chainsFor(size);
  const settings = present
    .filter(({ most }) => size <= most)
    .map((tool) => {
      const folder = mkdtempSync(join(root, `${tool.name}-${size}-`));
      tool.layout(folder, chains);
      const run = (): Times => timed(tool.program, tool.args, { cwd: folder, ...(tool.env && { env: tool.env }) });
      return { ...tool, folder, run };
    });
  type Setting = (typeof settings)[number];
  const contestants = (each: (setting: Setting) => { milliseconds: number }): Contestant[] =>
    settings.map((setting) => ({ name: setting.name, run: () => each(setting) }));
  const node: Contestant = {
    name: 'node -e 0',
    run: () => ({ milliseconds: timed(process.execPath, ['-e', '0'], { cwd: root }).cpu }),
  };
  let changes = 0;

  const cold = await compare(
    `${size} actions, cold: wall time`,
    makeFirst(
      contestants(({ folder, made, run }) => {
        for (const name of made) rmSync(join(folder, name), { recursive: true, force: true });
        mkdirSync(join(folder, 'out'));
        return { milliseconds: run().wall };
      }),
    ),
    5,
  );
  const nothing = await compare(
    `${size} actions, nothing to do: processor time`,
    [node, ...contestants(({ run }) => ({ milliseconds: run().cpu }))],
    9,
  );
  const oneChange = await compare(
    `${size} actions, one source changed: processor time`,
    [
      node,
      ...contestants(({ folder, source, run }) => {
        writeFileSync(join(folder, source('r0')), `change ${changes++}\n`);
        return { milliseconds: run().cpu };
      }),
    ],
    5,
  );
  for (const { folder } of settings) rmSync(folder, { recursive: true, force: true });
  return [nothing, oneChange, cold];
}

/** Of a cold run, make is what the ratios refer to. */
function makeFirst(contestants: readonly Contestant[]): readonly Contestant[] {
  const isMake = ({ name }: Contestant) => name === 'make';
  return [...contestants.filter(isMake), ...contestants.filter((contestant) => !isMake(contestant))];
}
