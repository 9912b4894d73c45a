import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { platform } from 'node:os';
import { expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';
import { copyTask, gateParam, taskModule, waitForGate } from './task-module.ts';

/** A separate machine as far as processes can see: other process ids, another host name. Needs user namespaces. */
const MACHINE = [
  ...['unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])],
  ...['--pid', '--fork', '--mount-proc', '--kill-child', '--uts'],
  ...['sh', '-c', 'hostname "$0" && exec "$@"'],
];

const machine = (rig: Rig, name: string): Rig => rig.around({ under: [...MACHINE, name] });

const claims = (rig: Rig): string[] => readdirSync(rig.path('cache/claims'));
const openings = (rig: Rig): string[] => readdirSync(rig.path('cache/tmp'));

test.runIf(platform() === 'linux')('this system lets a process have its own namespaces', () => {
  const [program = '', ...words] = [...MACHINE, 'node1', 'hostname'];
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'node1\n', stderr: '' });
});

test.runIf(platform() === 'linux')('two machines that share a store execute each action once', async () => {
  const rig = makeRig({
    'copy.ts': copyTask,
    'text.txt': 'text',
    'pipeline.yaml': `
each: { recording: [a, b, c, d, e, f] }
steps:
  first: { uses: ./copy.ts, each: recording, inputs: { from: { file: ./text.txt } } }
  second: { shell: 'cat {inputs.from} > {outputs.out}; echo {params.name} >> {outputs.out}', each: recording, inputs: { from: first.out }, params: { name: "{recording}" }, outputs: { out: .txt } }
`,
  });
  const ran = await Promise.all(['node1', 'node2'].map((name) => machine(rig, name).run('--out', name, '--jobs', '2')));
  for (const { code, stderr } of ran) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const executed = ran.flatMap((one) => one.executed);
  // The six actions of the first step share a key, so a single action is executed.
  expect(executed.filter((name) => name.startsWith('first@'))).toHaveLength(1);
  expect(executed.filter((name) => name.startsWith('second@')).sort()).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `second@${name}`),
  );
  for (const name of ['node1', 'node2']) expect(rig.read(`${name}/second/c/out.txt`)).toBe('textc\n');
  expect(claims(rig)).toEqual([]);
  expect(openings(rig)).toEqual([]);
});

test.runIf(platform() === 'linux')(
  'a machine waits for an action of another machine, and its gc refuses and names that machine',
  async () => {
    const rig = makeRig({
      'held.ts': taskModule(`log.warn('begun');\n${waitForGate}\noutputs.out.write(Buffer.from('held'));`, {
        params: gateParam,
      }),
    });
    rig.write('pipeline.yaml', `steps:\n  held: { uses: ./held.ts, params: { gate: "${rig.path('gate')}" } }\n`);
    const first = machine(rig, 'node1').start('run', '--out', 'node1');
    await first.printed('begun');
    const second = machine(rig, 'node2').start('run', '--reporter', 'json', '--out', 'node2');
    await second.printed('waiting for it');
    const swept = await machine(rig, 'node3').groundproof('gc', '--store', rig.path('cache'));
    expect(swept.code).not.toBe(0);
    expect(swept.stderr).toMatch(/in use by process \d+ on node[12], process \d+ on node[12];/);
    expect(swept.stderr).toContain(`until its folder in ${rig.path('cache')}/tmp is removed`);
    rig.write('gate', '');
    expect((await first.ended).code).toBe(0);
    const { code, stdout } = await second.ended;
    expect({ code, outcome: /"outcome":"(\w+)"/.exec(stdout)?.[1] }).toEqual({ code: 0, outcome: 'reused' });
    expect((await machine(rig, 'node3').groundproof('gc', '--store', rig.path('cache'))).code).toBe(0);
  },
);
