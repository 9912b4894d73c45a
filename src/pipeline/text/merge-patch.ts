/** JSON Merge Patch (RFC 7396) for nodes: every profile is such a patch. */
import type { Node } from './node.ts';

/** Applies a patch: null removes, maps merge, anything else replaces. */
export function mergePatch(target: Node | undefined, patch: Node): Node {
  if (patch.kind !== 'map') return patch;
  const base = target?.kind === 'map' ? target : null;
  const entries = new Map(base?.entries);
  for (const [name, { key, value }] of patch.entries) {
    if (value.kind === 'scalar' && value.value === null) {
      entries.delete(name);
      continue;
    }
    const before = entries.get(name);
    const merges = value.kind === 'map' && before?.value.kind === 'map';
    entries.set(name, { key: merges ? before.key : key, value: mergePatch(before?.value, value) });
  }
  return { kind: 'map', range: (base ?? patch).range, entries };
}
