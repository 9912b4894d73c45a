import { jsonText } from './controls.ts';
import type { Reporter, Streams } from './reporter.ts';

/** Prints each event as a line of JSON on stdout, following `schemas/events.schema.json`. */
export const jsonLinesReporter = ({ stdout, stderr }: Streams): Reporter => ({
  report: (event) => void stdout.write(`${jsonText(event)}\n`),
  say: (text) => void stderr.write(`${text}\n`),
  close: () => {},
});
