import { chmodSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { VerifyEvent } from '../../src/verify/event.ts';
import { makeRig, type Outcomes, type Rig } from './rig.ts';
import { copyTask, taskModule } from './task-module.ts';

/** A whole second, which utimes can restore exactly. */
const LONG_AGO = 1_000_000_000;

/** Downloads half and breaks off; continues from files that it finds. */
const fetchTask = `import { existsSync, linkSync, renameSync, writeFileSync } from 'node:fs';
import { defineTask, file } from 'groundproof/task';
export default defineTask({
  inputs: {}, params: { type: 'object' }, outputs: { out: file('.txt') }, network: true,
  async run({ outputs, network, log }) {
    const [part, whole] = [network.kept + '/part', network.kept + '/whole'];
    log.warn(JSON.stringify(network.proxies));
    if (existsSync(whole)) log.warn('it is here');
    else if (existsSync(part)) renameSync(part, whole);
    else {
      writeFileSync(part, 'content');
      throw new Error('broke off');
    }
    linkSync(whole, outputs.out.path);
  },
});
`;
const project = {
  'pipeline.yaml': JSON.stringify({
    steps: { fetch: { uses: './fetch.ts' }, copy: { uses: './copy.ts', inputs: { from: 'fetch.out' } } },
  }),
  'fetch.ts': fetchTask,
  'copy.ts': copyTask,
};

async function verify(rig: Rig) {
  const { code, stdout } = await rig.groundproof('verify', '--reporter', 'json');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as VerifyEvent);
  return { code, events, of: (name: string) => events.find((one) => 'action' in one && one.action === name) };
}

test('downloads of a network task outlive a failure and a change of its code', async () => {
  const rig = makeRig(project).around({ env: { HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'localhost' } });
  expect(await rig.run()).toMatchObject({ failed: ['fetch'] });
  const second = await rig.run();
  expect(second).toMatchObject({ executed: ['copy', 'fetch'] });
  expect(second.finished('fetch')).toMatchObject({
    warnings: ['{"http":"","https":"http://proxy:3128","except":"localhost"}'],
  });
  expect(rig.read('out/copy/out.txt')).toBe('content');
  rig.edit('fetch.ts', 'it is here', 'it was here');
  const third = await rig.run();
  expect(third).toMatchObject({ executed: ['fetch'], reused: ['copy'] });
  expect(third.finished('fetch')).toMatchObject({ warnings: [expect.anything(), 'it was here'] });
});

test('verify hashes the stored result of a network task instead of executing it', async () => {
  const rig = makeRig(project);
  await rig.runHere();
  const [kept = ''] = readdirSync(rig.path('cache/kept'));
  utimesSync(rig.path(`cache/kept/${kept}/part`), LONG_AGO, LONG_AGO);
  await rig.runHere();
  await rig.groundproof('lock');
  const verified = await verify(rig);
  expect(verified.of('fetch')).toMatchObject({ executed: false, outcome: 'skipped', reason: 'network' });
  expect(verified.of('copy')).toMatchObject({ executed: true, outcome: 'same' });
  expect(verified.events.at(-1)).toMatchObject({ same: 1, differs: 0, failed: 0, skipped: 1 });
  expect(verified.code).toBe(0);
  const { stdout } = await rig.groundproof('verify', 'fetch');
  expect(stdout).toMatch(
    /^skipped fetch {2}it needs the network; the store's copy is as it was stored\n0 same, 0 differ, 0 failed, 1 skipped in .*s\n$/,
  );

  // Damage that stat cannot show.
  const digest = 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73';
  const blob = rig.path(`cache/blobs/ed/${digest}`);
  chmodSync(blob, 0o644);
  writeFileSync(blob, 'damaged');
  utimesSync(blob, LONG_AGO, LONG_AGO);
  // A lookup hashes small blobs, so the result is lost and verify has nothing to compare with.
  const damaged = await rig.groundproof('verify');
  expect(damaged.code).not.toBe(0);
  expect(damaged.stderr).toContain('fetch');
});

test('a network task learns how many actions of its step have yet to begin, without those in the store', async () => {
  const rig = makeRig({
    'pipeline.yaml': JSON.stringify({
      each: { recording: ['a', 'b', 'c'] },
      steps: {
        list: { uses: './list.ts', each: 'recording', params: { name: '{recording}' } },
        fetch: { uses: './fetch.ts', each: 'recording', inputs: { from: 'list.out' } },
      },
    }),
    'list.ts': taskModule('outputs.out.write(Buffer.from(params.name));', { params: 'name: { type: "string" }' }),
    'fetch.ts': taskModule('log.notice(network.others + " more");\n    outputs.out.write(readFileSync(inputs.from));', {
      inputs: 'from: file()',
    }).replace('async run({', 'network: true,\n  async run({ network,'),
  });
  const notices = ({ events }: Outcomes) =>
    events.flatMap((event) => (event.type === 'action-log' && event.level === 'notice' ? [event.message] : []));
  expect(notices(await rig.runHere('--each', 'recording=b'))).toEqual(['0 more']);
  const { stderr } = await rig.groundproof('run', '--jobs', '1', '--reporter', 'plain');
  expect(stderr.match(/^notice.*$/gm)).toEqual(['notice   fetch@a: 1 more', 'notice   fetch@c: 0 more']);
  const again = await rig.runHere('--force', 'fetch', '--jobs', '1');
  expect(notices(again)).toEqual(['2 more', '1 more', '0 more']);
});
