/** A project whose first step is held back until the test lets go. */
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
  /** How often it has begun. */
  times(recording: string): number;
  /** Lets go. */
  open(): void;
}

export function heldProject(cluster: Cluster, options: Omit<ProjectOptions, 'first'> = {}): Held {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-gate-')));
  const gate = join(folder, 'open');
  const said = (recording: string) => join(folder, recording);
  const open = () => writeFileSync(gate, '');
  // What still waits sees the folder go, so that nothing waits for ever.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = `printf x >> ${folder}/{recording}; while [ -d ${folder} ] && [ ! -e ${gate} ]; do sleep 0.1; done`;
  return {
    rig: clusterProject(cluster, { ...options, first }),
    begun: (recording) => until(`${recording} begins`, () => existsSync(said(recording))),
    times: (recording) => statSync(said(recording), { throwIfNoEntry: false })?.size ?? 0,
    open,
  };
}

/** What other programs do is seen by looking again. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 1200) throw new Error(`two minutes have passed, and not this: ${what}`);
    await setTimeout(100);
  }
}
