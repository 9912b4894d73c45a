import { expect, onTestFinished, test, vi } from 'vitest';
import { machineMemory, usableMemory, watchMemory } from '../../src/execute/memory.ts';

test("the usable memory is the system's, or the limit of a container", () => {
  expect(usableMemory(0, 16e9)).toBe(16e9);
  expect(usableMemory(2e9, 16e9)).toBe(2e9);
  expect(usableMemory(2 ** 64, 16e9)).toBe(16e9);
  expect(machineMemory()).toBeGreaterThan(0);
});

test('the last known memory counts while the system cannot be asked', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const rss = vi.spyOn(process.memoryUsage, 'rss').mockReturnValueOnce(5);
  const memory = watchMemory();
  vi.advanceTimersByTime(1000);
  rss.mockImplementationOnce(() => {
    throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  });
  expect(memory.peak()).toBe(5);
  memory.stop();
});
