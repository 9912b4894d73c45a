import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../../src/execute/job.ts';
import { performTask } from '../../src/execute/run-task.ts';
import { digestOf } from '../../src/files/digest.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const ears = { log() {}, progress() {}, signal: new AbortController().signal };
const CODE = 'export default { run() {} };\n';

function job(written: string, promised: string): Job {
  const folder = temporaryFolder();
  return {
    action: 'step',
    code: { path: put(join(folder, 'code.mjs'), written), digest: digestOf(promised) },
    interface: { inputs: {}, params: {}, outputs: {} } as unknown as Job['interface'],
    params: {},
    inputs: {},
    room: { root: folder, inputs: folder, outputs: folder, temporary: folder },
    hasPackages: false,
  };
}

test('code that is what its digest says is loaded', async () => {
  expect(await performTask(job(CODE, CODE), ears)).toMatchObject({ ok: true });
});

test('code that was changed since it was kept is not loaded', async () => {
  const loaded = await performTask(job(`globalThis.wasLoaded = true;\n${CODE}`, CODE), ears);
  expect(loaded).toMatchObject({ ok: false, error: { message: expect.stringContaining('was changed') } });
  expect(globalThis).not.toHaveProperty('wasLoaded');
});
