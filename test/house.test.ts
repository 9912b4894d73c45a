/** The rooms of `src/`, from the ground up: a file imports only from its own room and from rooms below it. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const FLOORS = [
  ['base', 'files', 'task'],
  ['pipeline/text', 'pipeline', 'pipeline/check'],
  ['store', 'load', 'history', 'remote'],
  ['plan', 'execute', 'out', 'schedule'],
  ['report', 'slurm', 'upkeep', 'run'],
  ['explain', 'diff', 'run-page', 'sweep', 'verify'],
  ['.', 'cli'],
].flat();

/** Text in, data out: these read no files and start no programs. */
const PURE = [/^src\/pipeline\//, /^src\/(?:store\/key|base\/json|plan\/decide|history\/cause)\.ts$/];

const root = fileURLToPath(new URL('..', import.meta.url));
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /(?:^(?:import|export|\}).* from|import\(|^import) ?'([^']+)'/gm,
    ),
  ].map(([, name = '']) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name));

const roomOf = (file: string): string => relative('src', dirname(file)) || '.';
const floorOf = (file: string): number => FLOORS.indexOf(roomOf(file));
const imports = (folder: string) => filesIn(folder).flatMap((file) => importsOf(file).map((to) => ({ file, to })));

test('every room has its floor, and imports of src/ go down', () => {
  expect(filesIn('src').filter((file) => floorOf(file) < 0)).toEqual([]);
  const up = imports('src').filter(({ file, to }) => to.startsWith('src/') && floorOf(to) > floorOf(file));
  expect(up).toEqual([]);
  expect(imports('src').length).toBeGreaterThan(1000);
});

test('the engine imports no task, and a task imports of the engine what a package from npm could', () => {
  expect(imports('src').filter(({ to }) => to.startsWith('tasks/'))).toEqual([]);
  expect([...imports('tasks'), ...imports('schemas')].filter(({ to }) => to.startsWith('src/'))).toEqual([]);
});

test('keys, decisions and the reading of a pipeline have no effects', () => {
  const modules = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
  const impure = imports('src').filter(({ file, to }) => PURE.some((room) => room.test(file)) && modules.has(to));
  expect(impure.filter(({ to }) => to !== 'node:crypto')).toEqual([]);
});
