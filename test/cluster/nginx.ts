/** nginx as a remote cache, with the configuration of docs/remote-cache.md. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const PAGE = fileURLToPath(new URL('../../docs/remote-cache.md', import.meta.url));

export interface Nginx {
  readonly url: string;
  readonly port: number;
  /** Environment variables with the credentials of a user who may read. */
  readonly reader: { readonly [variable: string]: string };
  /** The same for a user who may also write. */
  readonly writer: { readonly [variable: string]: string };
  /** Paths of all files that it keeps, including half received files. */
  kept(): readonly string[];
}

/** Starts the server, and stops it after the file's last test. */
export async function startNginx(): Promise<Nginx> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-nginx-')));
  chmodSync(folder, 0o755);
  const store = join(folder, 'store');
  mkdirSync(join(store, '.tmp'), { recursive: true });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chown', ['-R', 'www-data', store]);
  const line = (name: string) =>
    `${name}:${execFileSync('openssl', ['passwd', '-apr1', `${name}-password`], { encoding: 'utf8' })}`;
  writeFileSync(join(folder, 'writers'), line('ci'));
  writeFileSync(join(folder, 'readers'), line('ci') + line('lab'));

  const port = await freePort();
  const written = /^```nginx\n([\s\S]*?)^```/m.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '';
  const configuration = written
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('user www-data;\n', isRoot ? 'user www-data;\n' : '');
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  const server = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'], { stdio: 'ignore' });
  afterAll(async () => {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await answers(url)); tries++) {
    if (tries > 1000) throw new Error(`nginx does not answer:\n${readFileSync(join(folder, 'error.log'), 'utf8')}`);
  }
  const user = (name: string) => ({ GROUNDPROOF_REMOTE_USER: name, GROUNDPROOF_REMOTE_PASSWORD: `${name}-password` });
  return {
    url,
    port,
    reader: user('lab'),
    writer: user('ci'),
    kept: () =>
      readdirSync(store, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(store.length)),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
