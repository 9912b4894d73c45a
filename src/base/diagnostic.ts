/** A mistake in what a person wrote, with its place. Rendered by `report/diagnostic.ts`. */

/** A text that a person wrote: the pipeline file, or one command-line option. */
export interface Source {
  /** As shown: `pipeline.yaml`, or `--set`. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source, as offsets in UTF-16 units; `end` is exclusive. */
export interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  readonly range: Range;
  /** What is wrong, as a sentence without its full stop. */
  readonly message: string;
  /** What was expected, or what to do; for a misspelt name, `did you mean 'detect'?`. */
  readonly hint?: string;
  /** Other places that matter, such as where a name was first used, or the steps of a cycle. */
  readonly related?: readonly { readonly range: Range; readonly message: string }[];
}
