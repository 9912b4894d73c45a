import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../../src/execute/job.ts';
import { runTaskInThisThread } from '../../src/execute/run-task.ts';
import { digestOf } from '../../src/files/digest.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const hooks = { log() {}, progress() {}, signal: new AbortController().signal };
const CODE = 'export default { run() {} };\n';

function job(written: string, promised: string): Job {
  const folder = temporaryFolder();
  return {
    action: 'step',
    code: { path: put(join(folder, 'code.mjs'), written), digest: digestOf(promised) },
    interface: { inputs: {}, params: {}, outputs: {} } as unknown as Job['interface'],
    params: {},
    inputs: {},
    scratch: { root: folder, inputs: folder, outputs: folder, temporary: folder },
    hasPackages: false,
  };
}

test('a task whose code has its digest is loaded', async () => {
  expect(await runTaskInThisThread(job(CODE, CODE), hooks)).toMatchObject({ ok: true });
});

test('a task whose stored code was changed is not loaded', async () => {
  const loaded = await runTaskInThisThread(job(`globalThis.wasLoaded = true;\n${CODE}`, CODE), hooks);
  expect(loaded).toMatchObject({ ok: false, error: { message: expect.stringContaining('was changed') } });
  expect(globalThis).not.toHaveProperty('wasLoaded');
});
