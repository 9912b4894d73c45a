/** A project whose first step waits until the test releases it. */
import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Rig } from '../end-to-end/rig.ts';
import type { Cluster } from './cluster.ts';
import { clusterProject, type ProjectOptions } from './project.ts';

export interface Held {
  readonly rig: Rig;
  /** Resolves when the first step of a recording has begun. */
  begun(recording: string): Promise<void>;
  /** How often the first step of a recording has begun. */
  times(recording: string): number;
  /** Releases the first steps. */
  open(): void;
}

export function heldProject(cluster: Cluster, options: Omit<ProjectOptions, 'first'> = {}): Held {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-gate-')));
  const gate = join(folder, 'open');
  const mark = (recording: string) => join(folder, recording);
  const open = () => writeFileSync(gate, '');
  // Removing the folder releases the steps that still wait.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = `printf x >> ${folder}/{recording}; while [ -d ${folder} ] && [ ! -e ${gate} ]; do sleep 0.1; done`;
  return {
    rig: clusterProject(cluster, { ...options, first }),
    begun: (recording) => until(`${recording} begins`, () => existsSync(mark(recording))),
    times: (recording) => statSync(mark(recording), { throwIfNoEntry: false })?.size ?? 0,
    open,
  };
}

/** Polls until the condition holds; `event` names it in the error after two minutes. */
export async function until(event: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 1200) throw new Error(`this has not happened in two minutes: ${event}`);
    await setTimeout(100);
  }
}
