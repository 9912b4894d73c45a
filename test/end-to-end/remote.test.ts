import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { eventsSchema } from '../../schemas/events.ts';
import { digestOf, filesBelow } from '../../src/files/digest.ts';
import type { Event } from '../../src/history/event.ts';
import { cacheServer } from '../remote/cache-server.ts';
import { makeRig, type Rig } from './rig.ts';
import { ALL, wordsProject } from './words-project.ts';

const SECRET = { GROUNDPROOF_REMOTE_TOKEN: 'a-secret-token' };

const isEvent = new Ajv2020({ strict: false, allowUnionTypes: true }).compile<Event>(eventsSchema);

/** A run on either of two machines; checks every event. */
async function runOf(rig: Rig, ...words: string[]) {
  const ran = await rig.around({ env: SECRET }).run(...words);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.events.filter((event) => !isEvent(event))).toEqual([]);
  const finished = ran.events.at(-1);
  return {
    ...ran,
    remote: finished?.type === 'run-finished' ? finished.remote : undefined,
    troubles: ran.events.filter(({ type }) => type === 'remote-trouble'),
  };
}

test('a machine takes the results that another machine made', async () => {
  const server = await cacheServer('bazel');
  const [one, other] = [makeRig(wordsProject), makeRig(wordsProject)];
  const first = await runOf(one, '--remote', server.url, '--remote-write');
  expect(first.executed).toEqual(ALL);
  expect(first.remote).toMatchObject({ taken: 0, stored: 5 });

  const second = await runOf(other, '--remote', server.url);
  expect(second.reused).toEqual(ALL);
  expect(second.remote).toMatchObject({ taken: 5, stored: 0, bytesDown: expect.any(Number) });
  expect(other.read('out/gather/list.txt')).toBe(one.read('out/gather/list.txt'));
  expect(other.read('out/judge/a/judged.csv')).toBe(one.read('out/judge/a/judged.csv'));

  // From here on the result is like a local result.
  const asked = server.requestLines().length;
  expect((await runOf(other, '--remote', server.url)).remote).toBeNull();
  expect(server.requestLines()).toHaveLength(asked);

  // No record contains the address of the cache or its credentials.
  for (const { folder } of [one, other]) {
    const texts = filesBelow(folder).map((path) => readFileSync(join(folder, path), 'latin1'));
    expect(texts.filter((text) => text.includes(SECRET.GROUNDPROOF_REMOTE_TOKEN) || text.includes(server.url))).toEqual(
      [],
    );
  }
});

test('an unreachable cache is a single warning, and the next run sends the missed results, even with nothing else to do', async () => {
  const rig = makeRig(wordsProject);
  const without = await runOf(rig, '--remote', 'http://127.0.0.1:1', '--remote-write', '--jobs', '4');
  expect(without.executed).toEqual(ALL);
  expect(without.troubles).toHaveLength(1);
  expect(without.remote).toEqual({ taken: 0, stored: 0, bytesDown: 0, bytesUp: 0 });
  const server = await cacheServer();
  const later = await runOf(rig, '--remote', server.url, '--remote-write');
  expect(later.reused).toEqual(ALL);
  expect(later.remote).toMatchObject({ stored: 5 });
});

test('an interrupt ends an upload and leaves nothing half-made', async () => {
  const server = await cacheServer('dav', (request) => (request.startsWith('PUT /cas') ? () => {} : undefined));
  const rig = makeRig(wordsProject);
  const run = rig.start('run', '--remote', server.url, '--remote-write');
  await run.printed('to the remote cache');
  run.kill('SIGINT');
  expect((await run.ended).code).toBe(130);
  expect(server.entries.size).toBe(0);
});

test('a result is not sent if another step wrote into its inputs afterwards', async () => {
  const server = await cacheServer();
  const rig = makeRig({});
  rig.write(
    'pipeline.yaml',
    `steps:
  make: { shell: "printf clean > {outputs.o}", outputs: { o: .txt } }
  spoil:
    shell: |
      echo at-go; while [ ! -e "$PROJECT/go" ]; do sleep 0.01; done
      chmod u+w {inputs.x}; echo dirty >> {inputs.x}; echo x > {outputs.o}
    env: { PROJECT: "${rig.folder}" }
    inputs: { x: make.o }
    outputs: { o: .txt }
  use: { shell: "tr a-z A-Z < {inputs.x} > {outputs.o}", inputs: { x: make.o }, outputs: { o: .txt } }
`,
  );
  const run = rig.start(
    'run',
    '--reporter',
    'json',
    '--jobs',
    '2',
    '--keep-going',
    '--remote',
    server.url,
    '--remote-write',
  );
  await run.printed('at-go');
  const used = `/cas/${digestOf('CLEAN')}`;
  await expect.poll(() => server.entries.has(used), { timeout: 30_000 }).toBe(true);
  rig.write('go', '');
  const { code, stdout } = await run.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('the result of use is not sent') });
  // Of make, which has no inputs that could be spoilt.
  expect([...server.entries.keys()].filter((path) => path.startsWith('/ac/'))).toHaveLength(1);
  expect(server.entries.get(`/cas/${digestOf('clean')}`)?.toString()).toBe('clean');
});

test('credentials in the address are refused, with nothing to do too', async () => {
  const rig = makeRig(wordsProject);
  const refused = await rig.groundproof('run', '--remote', 'https://me:secret@cache.example.org');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('GROUNDPROOF_REMOTE_TOKEN');
  expect(refused.stderr).not.toContain('secret');
  expect(rig.exists('cache')).toBe(false);
  const env = { GROUNDPROOF_REMOTE: 'https://me:secret@cache.example.org' };
  expect((await rig.around({ env }).groundproof('run')).code).toBe(2);
});
