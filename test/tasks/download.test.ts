import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { listedTable } from '../../schemas/tasks/listing.ts';
import download from '../../tasks/download.ts';
import listing from '../../tasks/listing.ts';
import { fileOf, serve, status } from './lib/download/server.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const content = Buffer.alloc(50_000, 'archive');
const md5 = createHash('md5').update(content).digest('hex');
const answer = Buffer.from(
  JSON.stringify({ entries: [{ key: 'a.tar.gz', size: content.length, checksum: `md5:${md5}` }] }),
);

function manifestAt(site: string, row: string): string {
  const path = join(temporaryFolder(), 'zenodo.yaml');
  writeFileSync(path, `site: ${site}\nrecord: 12\nfiles:\n  a.tar.gz: ${row}\n`);
  return path;
}

const list = (manifest: string) => runTask(listing, { inputs: { manifest }, params: { file: 'a.tar.gz' } });

test('listing needs no network for a complete row, and completes other rows from the API to the same table', async () => {
  const complete = await list(manifestAt('http://127.0.0.1:1', `{ bytes: ${content.length}, md5: ${md5} }`));
  expect(await complete.table('listed', listedTable)).toEqual({
    file: ['a.tar.gz'],
    url: ['http://127.0.0.1:1/records/12/files/a.tar.gz?download=1'],
    bytes: BigInt64Array.of(BigInt(content.length)),
    md5: [md5],
  });
  expect(complete.warnings).toEqual([]);

  const api = await serve(fileOf(answer));
  const known = await list(manifestAt(api.url, `{ bytes: ${content.length}, md5: ${md5} }`));
  expect(api.requests).toEqual([]);
  for (const row of ['{}', `{ md5: ${md5} }`, '']) {
    const asked = await list(manifestAt(api.url, row));
    expect(asked.bytes('listed').equals(known.bytes('listed'))).toBe(true);
    expect(asked.warnings).toEqual([
      expect.stringContaining(`or write under 'files' the line a.tar.gz: { bytes: 50000, md5: "${md5}" }`),
    ]);
  }
  expect(api.requests.map(({ url }) => url)).toEqual(Array(3).fill('/api/records/12/files'));
});

test('listing refuses a row that Zenodo contradicts', async () => {
  const { url } = await serve(fileOf(answer));
  await expect(list(manifestAt(url, '{ bytes: 7 }'))).rejects.toThrow(
    'the record says of a.tar.gz bytes 50000, zenodo.yaml 7',
  );
});

const fetch = (site: string, kept: string) =>
  runTask(download, {
    inputs: { listed: { file: ['a.tar.gz'], url: [`${site}/a.tar.gz`], bytes: [BigInt(content.length)], md5: [md5] } },
    kept,
  });

test('download resumes after a failure, fetches an archive once, and stores it once', async () => {
  const kept = temporaryFolder();
  writeFileSync(join(kept, 'part'), content.subarray(0, 20_000));
  const { url, requests } = await serve(status(404), fileOf(content));
  await expect(fetch(url, kept)).rejects.toThrow(/answers 404/);
  const { path, bytes, messages } = await fetch(url, kept);
  expect(bytes('archive').equals(content)).toBe(true);
  expect(messages).toEqual([
    expect.stringMatching(/^a\.tar\.gz: 30\.0 kB to download \(20\.0 kB are here\) and about 80\.0 kB unpacked; the/),
  ]);
  expect(requests.at(-1)?.headers.range).toBe('bytes=20000-');
  expect(readdirSync(kept)).toEqual(['whole']);
  expect(statSync(path('archive')).ino).toBe(statSync(join(kept, 'whole')).ino);

  expect((await fetch('http://127.0.0.1:1', kept)).messages).toEqual(['a.tar.gz (50.0 kB) was downloaded before']);
});

test('npm run manifest fills in missing sizes and md5s', async () => {
  const { url } = await serve(fileOf(answer));
  const path = manifestAt(url, '{}');
  const script = fileURLToPath(new URL('../../scripts/manifest.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, path]);
  expect(stdout).toBe('filled in a.tar.gz\nzenodo.yaml is complete: 1 files, 50.0 kB to download\n');
  expect(readFileSync(path, 'utf8')).toContain(`\n  a.tar.gz: { bytes: 50000, md5: "${md5}" }\n`);
});
