/** The published decisions on recordings, as `data/published.yaml` lists them. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import { parse } from 'yaml';

export type Decision = 'accepted' | 'rejected';

/**
 * Decision by recording, from YAML of the form `recordings: { NAME: { decision: accepted | rejected } }`; what else it
 * holds does not matter here.
 *
 * @throws DataError for anything else.
 */
export function readPublished(path: string): ReadonlyMap<string, Decision> {
  const file = basename(path);
  const recordings: unknown = property(parseYaml(readFileSync(path, 'utf8'), file), 'recordings');
  if (recordings === null || typeof recordings !== 'object') {
    throw new DataError(`${file} has no mapping 'recordings', expected one entry a recording with its decision`);
  }
  const entries = Object.entries(recordings).map(([recording, entry]) => {
    const decision = property(entry, 'decision');
    if (decision === 'accepted' || decision === 'rejected') return [recording, decision] as const;
    const found = JSON.stringify(decision) ?? 'nothing';
    throw new DataError(`${file}: the decision on ${recording} is ${found}, expected accepted or rejected`);
  });
  return new Map(entries);
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new DataError(`${file} is not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const property = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as { [name: string]: unknown })[name] : undefined;
