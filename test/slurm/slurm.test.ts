import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { slurm } from '../../src/slurm/slurm.ts';
import { temporaryFolder } from '../store/temporary.ts';

/** Puts scripts in the place of Slurm's commands. */
function commands(scripts: Readonly<Record<string, string>>): void {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
}
afterEach(() => vi.unstubAllEnvs());

test('config reads the name of the cluster and the longest array', async () => {
  commands({ scontrol: 'echo "ClusterName             = lab"; echo "MaxArraySize            = 501"' });
  expect(await slurm.config()).toEqual({ ok: true, value: { cluster: 'lab', largestArray: 501 } });
  commands({ scontrol: 'echo "nothing of the kind"' });
  expect(await slurm.config()).toEqual({ ok: true, value: { cluster: '', largestArray: 1001 } });
});

test('environment variables for squeue, scancel and arrays are removed, others for sbatch are kept', async () => {
  const print = 'env | grep -E "^(SQUEUE|SCANCEL|SBATCH|SLURM)_" | sort | tr "\\n" " " >&2; exit 1';
  commands({ squeue: print, scancel: print, sbatch: print });
  for (const name of ['SQUEUE_STATES', 'SCANCEL_STATE', 'SBATCH_WAIT', 'SBATCH_ARRAY_INX', 'SBATCH_REQUEUE']) {
    vi.stubEnv(name, 'x');
  }
  vi.stubEnv('SBATCH_QOS', 'long');
  const all = [slurm.queue(''), slurm.cancel(['1'], 'all'), slurm.submit([], '')];
  for (const answer of await Promise.all<unknown>(all)) {
    expect(answer).toMatchObject({ error: { message: 'SBATCH_QOS=long' } });
  }
});
