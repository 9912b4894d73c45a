import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeRig, type Rig } from './rig.ts';

const PROJECT = {
  'in.txt': 'words\n',
  'pipeline.yaml': `
name: copy
steps:
  copy:
    shell: cat {inputs.text} > {outputs.copy}
    inputs: { text: { file: in.txt } }
    outputs: { copy: .txt }
`,
};

/** Records of runs that equal an earlier run. */
const shortRecords = (rig: Rig): number =>
  readdirSync(rig.path('cache/runs')).filter((name) => rig.read(`cache/runs/${name}`).includes('"sameAs"')).length;

test.each([
  ['the command', (rig: Rig) => rig.run()],
  ['the library', (rig: Rig) => rig.runHere()],
])('%s takes the fast path with nothing to do, and reports the same events', async (_, again) => {
  const rig = makeRig(PROJECT);
  expect((await rig.groundproof('run')).code).toBe(0);
  const { events, reused } = await again(rig);
  expect(reused).toEqual(['copy']);
  expect(events.map(({ type }) => type)).toEqual(['run-started', 'action-finished', 'run-finished']);
  expect(shortRecords(rig)).toBe(1);
});

test('the library takes the slow path if --force asks for work', async () => {
  const rig = makeRig(PROJECT);
  expect((await rig.groundproof('run')).code).toBe(0);
  expect((await rig.runHere('--force')).executed).toEqual(['copy']);
  expect(shortRecords(rig)).toBe(0);
});
