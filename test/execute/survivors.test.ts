import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteOtherProcesses, survivorsOf } from '../../src/execute/survivors.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('survivorsOf finds a process that an earlier search saw before it began its program', async () => {
  const scratch = join(temporaryFolder(), 'scratch');
  noteOtherProcesses();
  // Between fork and exec a new process has the environment of this process, which names no scratch folder.
  const child = spawn('sh', ['-c', `read go; exec env TMPDIR=${scratch} sleep 600`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(survivorsOf(scratch)).toEqual([]);
  child.stdin.write('\n');
  await expect.poll(() => survivorsOf(scratch).map(({ pid }) => pid)).toEqual([child.pid]);
});
