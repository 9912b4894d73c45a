import { expect, test } from 'vitest';
import { reproduceCommand } from '../../src/cli/reproduce.ts';
import { requestOf } from '../../src/load/request.ts';

test('reproduceCommand names the pipeline and the action, and leaves out defaults', () => {
  expect(reproduceCommand(requestOf({}), 'detect@a')).toBe('groundproof run pipeline.yaml detect@a');
});

test('reproduceCommand repeats overrides, the place and folders, and quotes them for the shell', () => {
  const overrides = { profile: 'fast', each: 'recording=a', set: ["judge.word='it'"] };
  const request = requestOf({ pipeline: 'p.yaml', overrides, on: 'slurm', store: 's', out: 'o' });
  expect(reproduceCommand(request, 'judge@a')).toBe(
    "groundproof run p.yaml judge@a --profile fast --each recording=a --set 'judge.word='\\''it'\\''' --on slurm --store s --out o",
  );
});
