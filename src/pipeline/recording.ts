/** Fills in `{recording}` in paths and parameters. */
import type { Json, JsonObject } from '../base/json.ts';

export const RECORDING = '{recording}';

export const fillText = (text: string, recording: string): string => text.replaceAll(RECORDING, recording);

/** Fills in every text of the parameters, at any depth. */
export const fillParams = (params: JsonObject, recording: string): JsonObject => fill(params, recording) as JsonObject;

export function mentionsRecording(value: Json): boolean {
  if (typeof value === 'string') return value.includes(RECORDING);
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsRecording);
}

function fill(value: Json, recording: string): Json {
  if (typeof value === 'string') return fillText(value, recording);
  if (Array.isArray(value)) return value.map((item: Json) => fill(item, recording));
  if (typeof value !== 'object' || value === null) return value;
  const filled: { [name: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) filled[name] = fill(item, recording);
  return filled;
}
