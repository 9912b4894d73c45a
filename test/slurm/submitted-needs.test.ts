import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { eventWriter } from '../../src/slurm/event-file.ts';
import { eventsPath, type Snapshot, submissionOf, writeSnapshot } from '../../src/slurm/submission.ts';
import { submittedNeeds } from '../../src/slurm/submitted-needs.ts';
import type { Key } from '../../src/store/key.ts';
import { storePaths } from '../../src/store/layout.ts';
import { temporaryFolder } from '../store/temporary.ts';

test('submittedNeeds names results and code of submissions until they are a month old', () => {
  const store = storePaths(temporaryFolder());
  const submission = submissionOf(store, 'some-name');
  mkdirSync(submission.folder, { recursive: true });
  const [key, loadable] = [digestOf('result') as string as Key, digestOf('code')];
  const code = { './detect.ts': { loadable } };
  writeSnapshot(submission, { began: '2026-11-01T00:00:00.000Z', loaded: { code } } as unknown as Snapshot);
  const events = eventWriter(eventsPath(submission, 0, 0));
  events.write({ type: 'result-made', key });
  events.close();

  expect(submittedNeeds(store, Date.parse('2026-11-30'))).toEqual({ code: [loadable], keys: [key] });
  expect(submittedNeeds(store, Date.parse('2026-12-02'))).toEqual({ code: [], keys: [] });
});
