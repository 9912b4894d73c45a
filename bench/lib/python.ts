/** Times work in a Python program that keeps running, so that its start and imports do not count. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Contestant } from './compare.ts';

export interface Python {
  /** Runs this measure; the program itself takes the time. */
  measure(name: string, measure: string): Contestant;
  end(): void;
}

/** Starts a program that reads the name of a measure per line of its input, and answers with milliseconds. */
export function python(script: string, args: readonly string[]): Python {
  const child = spawn('python3', [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    measure: (name, measure) => ({
      name,
      async run() {
        child.stdin.write(`${measure}\n`);
        const { value, done } = await answers.next();
        if (done) throw new Error(`${script} has ended: docs/performance.md says what it needs`);
        return { milliseconds: Number(value) };
      },
    }),
    end: () => child.stdin.end(),
  };
}
