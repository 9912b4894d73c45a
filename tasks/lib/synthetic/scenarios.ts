/** The faults that may befall a recording, by name. */

import type { Scenario } from './recording-plan.ts';
import { cellScenarios } from './scenarios/cells.ts';
import { contactScenarios } from './scenarios/contact.ts';
import { heightScenarios } from './scenarios/heights.ts';
import { traceScenarios } from './scenarios/trace.ts';

const scenarios = { ...heightScenarios, ...contactScenarios, ...cellScenarios, ...traceScenarios };

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

export const scenarioOf = (name: ScenarioName): Scenario => scenarios[name];

/**
 * Limits are set on half of the scenarios and reported on the other half: every second scenario of each subject is held back, so
 * that both halves have faults of every subject and share no fault.
 */
export function halfOf(name: ScenarioName): 'set' | 'held back' {
  for (const subject of [heightScenarios, contactScenarios, cellScenarios, traceScenarios]) {
    const row = Object.keys(subject).indexOf(name);
    if (row >= 0) return row % 2 === 0 ? 'set' : 'held back';
  }
  return 'set';
}
