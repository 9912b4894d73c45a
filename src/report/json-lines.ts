import { jsonText } from './controls.ts';
import type { Reporter, Streams } from './reporter.ts';

/** One event a line on stdout, as `schemas/events.schema.json` says. */
export const jsonLinesReporter = ({ stdout, stderr }: Streams): Reporter => ({
  report: (event) => void stdout.write(`${jsonText(event)}\n`),
  say: (text) => void stderr.write(`${text}\n`),
  close: () => {},
});
