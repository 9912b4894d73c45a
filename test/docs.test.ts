/** Runs every command of the README and of docs/ in the order of its page, and compares its output with the page. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, firstMissing } from './docs/blocks.ts';
import { makeProject, type Project, REPOSITORY } from './docs/project.ts';

/** A recording that is accepted, and a recording that is not. */
const RECORDINGS = ['20160426_patch2', '20170622_patch2'];

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
/** Pages of measurements, with commands that take minutes. */
const untested = ['docs/performance.md', 'docs/verdict-evidence.md'];
/** These come last: they reuse the tutorial's results, and the tutorial has to execute its own. */
const last = ['docs/commands.md', 'README.md'];
const inDocs = readdirSync(join(REPOSITORY, 'docs')).map((name) => `docs/${name}`);
const pages = [...inDocs.filter((page) => page.endsWith('.md') && ![...untested, ...last].includes(page)), ...last];

const store = mkdtempSync(join(tmpdir(), 'groundproof-docs-store-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const pipeline = read('pipeline.yaml').replace(
  /(^each:\n {2}recording:\n)( {4}- .*\n)+/m,
  `$1${RECORDINGS.map((name) => `    - ${name}\n`).join('')}`,
);

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(read(page));
  let project: Project;
  let printed = '';
  beforeAll(() => {
    project = makeProject(store, pipeline);
    return () => project.remove();
  });

  const name = (block: Block) => (block.kind === 'commands' ? block.commands.join('; ') : block.kind);
  test.each(blocks.map((block) => [block.line, name(block), block] as const))(
    'line %d: %s',
    async (_line, _name, block) => {
      if (block.kind === 'file') project.write(block.path, block.text);
      else if (block.kind === 'output') expect(firstMissing(block.text, printed), printed).toBeNull();
      else if (block.skipped !== undefined) expect(block.skipped, 'the reason to skip it').toMatch(/\w{3}/);
      else {
        printed = '';
        for (const command of block.commands) {
          const ran = await project.run(command);
          printed += ran.printed;
          expect(ran.code, `${command}\n${ran.printed}`).toBe(0);
        }
      }
    },
  );

  test('the links of the page lead to existing files', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(({ 1: path = '' }) =>
      join(page, '..', path),
    );
    for (const link of links) {
      expect(existsSync(join(REPOSITORY, link)), link).toBe(true);
    }
  });
});
