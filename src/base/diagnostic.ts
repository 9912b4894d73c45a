/** Mistakes in a text that a person wrote, with their positions. Rendered by `report/diagnostic.ts`. */

/** The pipeline file, or a command-line option. */
export interface Source {
  /** The name shown to the user: `pipeline.yaml`, or `--set`. */
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
  /** The mistake, as a sentence without its full stop. */
  readonly message: string;
  /** The expected value, or advice; for a misspelt name, `did you mean 'detect'?`. */
  readonly hint?: string;
  /** Other positions that matter, such as the first use of a name, or the steps of a cycle. */
  readonly related?: readonly { readonly range: Range; readonly message: string }[];
}
