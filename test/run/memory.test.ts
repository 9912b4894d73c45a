import { expect, test } from 'vitest';
import { machineMemory, usableMemory } from '../../src/run/memory.ts';

test("what can be used is the system's memory, or what a container leaves of it", () => {
  expect(usableMemory(0, 16e9)).toBe(16e9);
  expect(usableMemory(2e9, 16e9)).toBe(2e9);
  expect(usableMemory(2 ** 64, 16e9)).toBe(16e9);
  expect(machineMemory()).toBeGreaterThan(0);
});
