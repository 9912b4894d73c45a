import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteOtherProcesses, survivorsOf } from '../../src/execute/survivors.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('a process that was looked at before it began its program is found afterwards', async () => {
  const room = join(temporaryFolder(), 'room');
  noteOtherProcesses();
  // Between fork and exec a new process has the environment of this one, which names no room.
  const child = spawn('sh', ['-c', `read go; exec env TMPDIR=${room} sleep 600`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(survivorsOf(room)).toEqual([]);
  child.stdin.write('\n');
  await expect.poll(() => survivorsOf(room).map(({ pid }) => pid)).toEqual([child.pid]);
});
