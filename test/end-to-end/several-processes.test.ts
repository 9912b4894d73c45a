import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';
import { gateParam, taskModule, waitForGate } from './task-module.ts';

/** Every execution adds a line to `count`, so that repeated executions show. */
const counting = (body: string) =>
  taskModule(`writeFileSync(params.count, params.name + '\\n', { flag: 'a' });\n${body}`, {
    inputs: 'from: file({ optional: true })',
    params: `count: { type: 'string' }, name: { type: 'string' }, ${gateParam.replace(' }', ", default: '' }")}`,
  });

const copy = `outputs.out.write(Buffer.from((inputs.from ? readFileSync(inputs.from, 'utf8') : '') + params.name));`;

function project(recordings: readonly string[]): Rig {
  const rig = makeRig({
    'first.ts': counting(copy),
    'second.ts': counting(`for (let i = 0; i < 1e7; i++) Math.sqrt(i);\n${copy}`),
    'held.ts': counting(`log.warn('begun');\n${waitForGate}\n${copy}`),
  });
  const params = `count: "${rig.path('count')}", name: "{recording}"`;
  rig.write(
    'pipeline.yaml',
    `
each: { recording: [${recordings.join(', ')}] }
steps:
  first: { uses: ./first.ts, each: recording, params: { ${params} } }
  second: { uses: ./second.ts, each: recording, inputs: { from: first.out }, params: { ${params} } }
`,
  );
  rig.write(
    'held.yaml',
    `steps:\n  held: { uses: ./held.ts, params: { count: "${rig.path('count')}", name: held, gate: "${rig.path('gate')}" } }\n`,
  );
  return rig;
}

const executions = (rig: Rig): string[] => rig.read('count').trimEnd().split('\n').sort();
const claims = (rig: Rig): string[] => readdirSync(rig.path('cache/claims'));

test('eight runs at once on a new store execute each action once, and all see all results', async () => {
  const recordings = ['a', 'b', 'c', 'd', 'e'];
  const rig = project(recordings);
  const outs = Array.from({ length: 8 }, (_, i) => `out${i}`);
  const ran = await Promise.all(outs.map((out) => rig.run('--out', out, '--jobs', '2')));
  for (const { code, stderr } of ran) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(executions(rig)).toEqual(recordings.flatMap((name) => [name, name]));
  expect(ran.flatMap(({ executed }) => executed).sort()).toEqual(
    ['first', 'second'].flatMap((step) => recordings.map((name) => `${step}@${name}`)),
  );
  for (const out of outs)
    for (const name of recordings) expect(rig.read(`${out}/second/${name}/out.txt`)).toBe(name + name);
  expect(claims(rig)).toEqual([]);
  expect(readdirSync(rig.path('cache/tmp'))).toEqual([]);
});

test('two runs at once share an out/, or use different parameters', async () => {
  const rig = project(['a', 'b', 'c']);
  const other = ['--set', `second.name="{recording}!"`];
  const [one, two, three] = await Promise.all([rig.run(), rig.run(), rig.run('--out', 'other', ...other)]);
  for (const { code, stderr } of [one, two, three]) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(executions(rig)).toEqual(['a', 'a', 'a!', 'b', 'b', 'b!', 'c', 'c', 'c!']);
  expect(rig.read('out/second/b/out.txt')).toBe('bb');
  expect(rig.read('other/second/b/out.txt')).toBe('bb!');
  expect((await rig.run()).reused).toHaveLength(6);
  expect((await rig.run('--out', 'other', ...other)).reused).toHaveLength(6);
});

test('a waiting run takes the result, or takes over from a dead run', async () => {
  const rig = project([]);
  const run = (out: string) => rig.start('run', 'held.yaml', '--reporter', 'json', '--out', out);
  const first = run('out1');
  await first.printed('begun');
  const second = run('out2');
  const third = run('out3');
  await Promise.all([second.printed('waiting for it'), third.printed('waiting for it')]);
  expect(executions(rig)).toEqual(['held']);
  first.kill('SIGKILL');
  // One of the two takes over, the other goes on waiting.
  await Promise.race([second.printed('"begun"'), third.printed('"begun"')]);
  rig.write('gate', '');
  const ended = await Promise.all([second.ended, third.ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(executions(rig)).toEqual(['held', 'held']);
  expect(ended.map(({ stdout }) => /"outcome":"(\w+)"/.exec(stdout)?.[1]).sort()).toEqual(['executed', 'reused']);
  expect(rig.read('out2/held/out.txt')).toBe('held');
  expect(rig.read('out3/held/out.txt')).toBe('held');
  expect(claims(rig)).toEqual([]);
});

test('a waiting run makes an action itself if its maker fails', async () => {
  const rig = project([]);
  rig.edit(
    'held.ts',
    waitForGate,
    `${waitForGate}\n    if (!existsSync(params.gate + '2')) throw new DataError('not now');`,
  );
  const first = rig.start('run', 'held.yaml', '--out', 'out1');
  await first.printed('begun');
  const second = rig.start('run', 'held.yaml', '--reporter', 'json', '--out', 'out2');
  await second.printed('waiting for it');
  rig.write('gate', '');
  expect((await first.ended).code).toBe(1);
  expect((await second.ended).code).toBe(1);
  expect(executions(rig)).toEqual(['held', 'held']);
});
