/** Parses a pipeline's text and applies the command line's changes; the result is a draft for `checkPipeline`. */

import type { Diagnostic, Source } from '../../base/diagnostic.ts';
import { type ReadYaml, readYaml } from '../text/document.ts';
import { isMap, type MapNode } from '../text/node.ts';
import { type Overrides, override } from '../text/override.ts';
import { type Draft, draftOf } from './draft.ts';
import { mergeDiagnostics } from './merge-diagnostics.ts';
import { validateDocument } from './validate.ts';

/** Not yet valid: `checkPipeline` turns it into a `Pipeline`, or reports all mistakes. */
export interface ParsedPipeline {
  readonly source: Source;
  /** Null if the text could not be read at all. */
  readonly draft: Draft | null;
  /** The task modules that the steps name, each once, in the order of the document. */
  readonly uses: readonly string[];
  /** Mistakes of form, and mistakes in the command line's changes. */
  readonly diagnostics: readonly Diagnostic[];
}

type ReadSource = Pick<ReadYaml, 'node' | 'diagnostics'>;

/**
 * Never throws.
 * @param read the document with all that it includes; by default the source alone.
 */
export function parsePipeline(
  source: Source,
  overrides: Overrides = {},
  { node, diagnostics }: ReadSource = readYaml(source),
): ParsedPipeline {
  if (node === null) {
    const empty = {
      range: { source, start: 0, end: 0 },
      message: 'the file holds no pipeline',
      hint: "it needs 'steps'",
    };
    return { source, draft: null, uses: [], diagnostics: diagnostics.length > 0 ? diagnostics : [empty] };
  }
  if (!isMap(node)) return { source, draft: null, uses: [], diagnostics: [...diagnostics, ...validateDocument(node)] };
  const { root, diagnostics: overriding } = override(node, overrides);
  const draft = draftOf(root);
  const uses = draft.steps.flatMap(({ task }) =>
    task?.kind === 'module' && task.text.value !== '' ? [task.text.value] : [],
  );
  return {
    source,
    draft,
    uses: [...new Set(uses)],
    diagnostics: mergeDiagnostics([...diagnostics, ...overriding, ...lateInclude(node, root)], validateDocument(root)),
  };
}

/** Reports files that a profile includes: the document is read before a profile applies. */
function lateInclude(before: MapNode, after: MapNode): readonly Diagnostic[] {
  const include = after.entries.get('include');
  if (include === undefined || include === before.entries.get('include')) return [];
  const message = 'a profile cannot include files';
  return [{ range: include.key, message, hint: 'include them at the top of the pipeline' }];
}
