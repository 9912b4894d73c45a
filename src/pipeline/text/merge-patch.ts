/** Merges nodes: JSON Merge Patch (RFC 7396) for profiles, and a document over the documents that it includes. */
import type { MapNode, Node } from './node.ts';

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

/**
 * Lays a document over an included document: as a patch, but a null removes only what is included. Any other null is a
 * value of the document, as it would be without the included document.
 */
export function mergeDocument(included: MapNode, document: MapNode): MapNode {
  const entries = new Map(included.entries);
  for (const [name, { key, value }] of document.entries) {
    const before = entries.get(name);
    if (before !== undefined && value.kind === 'scalar' && value.value === null) entries.delete(name);
    else if (before?.value.kind === 'map' && value.kind === 'map') {
      entries.set(name, { key: before.key, value: mergeDocument(before.value, value) });
    } else entries.set(name, { key, value });
  }
  return { kind: 'map', range: document.range, entries };
}
