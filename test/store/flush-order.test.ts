/** Tests the order in which files reach the disk, by the calls that a process makes. */
import fs from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { KEEPER } from '../../src/store/lease.ts';
import { program, start } from './processes.ts';
import { put, temporaryFolder } from './temporary.ts';

/** The beginning of a program: records each flush and each rename in `calls`, with the file's name. */
const WATCHED = `
  import fs from 'node:fs';
  import { basename, join } from 'node:path';
  import { syncBuiltinESMExports } from 'node:module';
  const calls: string[] = [];
  const nameOf = (fd: number) => basename(fs.readlinkSync('/proc/self/fd/' + fd)).replace(/^(file)\\..*/, '$1 temporary');
  const { fsyncSync, fsync, renameSync } = fs;
  fs.fsyncSync = (fd) => (calls.push('flush ' + nameOf(fd)), fsyncSync(fd));
  fs.fsync = ((fd: number, done: () => void) => {
    const name = nameOf(fd);
    fsync(fd, () => (calls.push('flush ' + name), done()));
  }) as typeof fs.fsync;
  fs.renameSync = (from, to) => (calls.push('rename to ' + basename(String(to))), renameSync(from, to));
  syncBuiltinESMExports();
  const [, , folder = ''] = process.argv;
`;

test.each([
  ['writeAtomic', "writeAtomic(join(folder, 'file'), 'text')"],
  ['writeAtomicAsync', "await writeAtomicAsync(join(folder, 'file'), 'text')"],
])('%s flushes the bytes before it renames the file', async (name, write) => {
  const writer = program(`${WATCHED}
    const { ${name} } = await import('./files/atomic-write.ts');
    ${write};
    process.stdout.write(calls.join(', '));
  `);
  const { stdout, stderr } = await start(writer, temporaryFolder()).ended;
  expect({ stdout, stderr }).toEqual({ stdout: 'flush file temporary, rename to file', stderr: '' });
});

test('publishResult renames the result after the names of its blobs and of their folders are on disk', async () => {
  const writer = program(`${WATCHED}
    const { openStore } = await import('./store/open.ts');
    const { storeFile } = await import('./store/blob.ts');
    const { digestOf } = await import('./files/digest.ts');
    const { publishResult } = await import('./store/result.ts');
    const opened = openStore(folder);
    if (!opened.ok) throw new Error(opened.error.reason);
    const store = opened.value;
    fs.writeFileSync(join(store.scratch, 'made'), 'made');
    const digest = digestOf('made');
    const file = storeFile(store, join(store.scratch, 'made'), digest);
    calls.length = 0;
    const output = { kind: 'file', digest, extension: '', files: [file], siblings: [] };
    await publishResult(store, { key: digestOf('key'), outputs: { output } } as never);
    store.close();
    process.stdout.write(JSON.stringify({ calls, blob: digest, key: digestOf('key') }));
  `);
  const { stdout, stderr } = await start(writer, temporaryFolder()).ended;
  expect(stderr).toBe('');
  const { calls, blob, key } = JSON.parse(stdout);
  const renamed = calls.indexOf(`rename to ${key}.json`);
  expect(renamed).toBeGreaterThan(0);
  expect(calls.slice(0, renamed)).toEqual(expect.arrayContaining([`flush ${blob.slice(0, 2)}`, 'flush blobs']));
});

test('renewing a lease flushes it, so that a file server has it', () => {
  const lease = put(join(temporaryFolder(), 'lease'), '0'.repeat(20));
  const calls: string[] = [];
  const modules: { [name: string]: unknown } = {
    'node:fs': {
      ...fs,
      writeSync: (...words: [number, string, number]) => calls.push(`write ${fs.writeSync(...words)}`),
      fsyncSync: (fd: number) => calls.push(`flush ${fs.readlinkSync(`/proc/self/fd/${fd}`)}`),
      closeSync: (fd: number) => calls.push(`close ${fs.closeSync(fd) ?? ''}`),
    },
    'node:worker_threads': { parentPort: { on: (_: string, hear: (leases: string[]) => void) => hear([lease]) } },
  };
  runInNewContext(KEEPER, { require: (name: string) => modules[name], process, setInterval() {} });
  expect(calls).toEqual(['write 20', `flush ${lease}`, 'close ']);
  expect(fs.readFileSync(lease, 'utf8')).not.toBe('0'.repeat(20));
});
