import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';
import { gateParam, taskModule, waitForGate } from './task-module.ts';

/** `quick` ends at once; `held` announces itself and waits for its gate or the abort. */
function project(held: string): Rig {
  const rig = makeRig({
    'quick.ts': taskModule(`outputs.out.write(Buffer.from('quick'));`),
    'held.ts': taskModule(`outputs.out.write(Buffer.from('half'));\n    log.warn('begun');\n${held}`, {
      inputs: 'from: file()',
      params: gateParam,
    }),
    'after.ts': taskModule(`outputs.out.write(readFileSync(inputs.from));`, { inputs: 'from: file()' }),
  });
  rig.write(
    'pipeline.yaml',
    `steps:
  quick: { uses: ./quick.ts }
  held: { uses: ./held.ts, inputs: { from: quick.out }, params: { gate: "${rig.path('gate')}" } }
  after: { uses: ./after.ts, inputs: { from: held.out } }
`,
  );
  return rig;
}

const untilAborted = `
    if (!existsSync(params.gate)) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      writeFileSync(params.gate, String(signal.aborted));
      return;
    }
    outputs.out.write(Buffer.from(' and whole'));`;

const ignoring = `${waitForGate}\n    outputs.out.write(Buffer.from(' and whole'));`;

const leftovers = (rig: Rig): string[] =>
  ['cache/tmp', 'cache/claims'].flatMap((folder) => (rig.exists(folder) ? readdirSync(rig.path(folder)) : []));

const events = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; action?: string; outcome?: string });

test('the first Ctrl-C aborts the task, keeps finished results, and reports each action once', async () => {
  const rig = project(untilAborted);
  const running = rig.start('run', '--reporter', 'json');
  await running.printed('begun');
  running.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain('stopping');
  // The task ignored the abort and returned normally: its output is not complete even so.
  expect(rig.read('gate')).toBe('true');
  const finished = events(stdout).filter(({ type }) => type === 'action-finished');
  expect(finished.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['quick', 'executed'],
    ['held', 'cancelled'],
    ['after', 'cancelled'],
  ]);
  expect(events(stdout).at(-1)).toMatchObject({ type: 'run-finished', interrupted: true, executed: 1, cancelled: 2 });
  expect(leftovers(rig)).toEqual([]);
  expect(rig.exists('out/held')).toBe(false);

  const next = await rig.run();
  expect(next.executed).toEqual(['after', 'held']);
  expect(next.reused).toEqual(['quick']);
  expect(rig.read('out/after/out.txt')).toBe('half and whole');
});

test('an interrupted action keeps its earlier result in out/', async () => {
  const rig = project(untilAborted);
  rig.write('gate', '');
  await rig.run();
  rig.remove('gate');
  const running = rig.start('run', '--force', 'held');
  await running.printed('begun');
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(130);
  expect(rig.read('out/held/out.txt')).toBe('half and whole');
  expect(rig.read('out/after/out.txt')).toBe('half and whole');
  expect((await rig.run()).executed).toEqual([]);
});

test('a second Ctrl-C ends at once, with tasks that ignore it too', async () => {
  const rig = project(ignoring);
  const running = rig.start('run');
  await running.printed('begun');
  running.kill('SIGINT');
  await running.printed('stopping');
  const asked = Date.now();
  running.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  // Far less than the time that an aborted task has to clean up.
  expect(Date.now() - asked).toBeLessThan(1500);
  rig.write('gate', '');
  const next = await rig.run();
  expect(next.executed).toEqual(['after', 'held']);
  expect(rig.read('out/held/out.txt')).toBe('half and whole');
  expect(leftovers(rig)).toEqual([]);
});

test('kill -9 in the middle leaves no half-made result, and the next run cleans up', async () => {
  const rig = project(ignoring);
  const running = rig.start('run');
  await running.printed('begun');
  running.kill('SIGKILL');
  await running.ended;
  expect(leftovers(rig)).not.toEqual([]);
  expect(rig.exists('out/held')).toBe(false);
  rig.write('gate', '');
  const next = await rig.run();
  expect(next.code).toBe(0);
  expect(next.executed).toEqual(['after', 'held']);
  expect(next.reused).toEqual(['quick']);
  expect(rig.read('out/after/out.txt')).toBe('half and whole');
  expect(leftovers(rig)).toEqual([]);
});

test('Ctrl-C ends the wait for another process', async () => {
  const rig = project(ignoring);
  const first = rig.start('run');
  await first.printed('begun');
  const second = rig.start('run', '--reporter', 'json', '--out', 'other');
  await second.printed('waiting for it');
  second.kill('SIGINT');
  expect((await second.ended).code).toBe(130);
  rig.write('gate', '');
  expect((await first.ended).code).toBe(0);
  expect(leftovers(rig)).toEqual([]);
});
