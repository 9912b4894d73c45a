/** Makes a copy of the repository as a reader has it, with two recordings, for the commands of a page. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

export interface Project {
  /** Runs a line in the project's folder. `printed` has stderr before and after stdout, as either may come first. */
  run(command: string): Promise<{ readonly code: number; readonly printed: string }>;
  write(path: string, text: string): void;
  remove(): void;
}

/** Replaces `npx`, which starts slowly: runs the same programs. */
const NPX = `#!/bin/sh
command="$1"
shift
case "$command" in
  groundproof) exec "${process.execPath}" "${join(REPOSITORY, 'dist/cli.js')}" "$@" ;;
  *) exec "${join(REPOSITORY, 'node_modules/.bin')}/$command" "$@" ;;
esac
`;

/** Replaces `npm`, which need not install anything: the packages are linked. */
const NPM = `#!/bin/sh
[ "$*" = ci ] || { echo "npm $* is not a command of a page" >&2; exit 1; }
`;

/** @param store shared by all projects, so that a page reuses the results of other pages. */
export function makeProject(store: string, pipeline: string): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-docs-')));
  const at = (path: string) => join(folder, path);
  for (const name of ['tasks', 'schemas', 'data']) {
    cpSync(join(REPOSITORY, name), at(name), { recursive: true, filter: (path) => !path.includes('original_files') });
  }
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(REPOSITORY, name), at(name));
  for (const name of ['src', 'dist', 'node_modules']) symlinkSync(join(REPOSITORY, name), at(name));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  write('pipeline.yaml', pipeline);
  write('bin/npx', NPX);
  write('bin/npm', NPM);
  for (const name of ['bin/npx', 'bin/npm']) chmodSync(at(name), 0o755);
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH: `${at('bin')}${delimiter}${PATH}`, HOME, NO_COLOR: '1', GROUNDPROOF_STORE: store };
  return {
    write,
    run: (command) =>
      new Promise((resolve) => {
        const child = execFile('sh', ['-c', command], { cwd: folder, env }, (_, stdout, stderr) =>
          resolve({ code: child.exitCode ?? -1, printed: `${stderr}\n${stdout}\n${stderr}` }),
        );
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
