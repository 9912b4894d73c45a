import type { Reporter, Streams } from './reporter.ts';

/** One event a line on stdout, as `schemas/events.schema.json` says. */
export const jsonLinesReporter = ({ stdout, stderr }: Streams): Reporter => ({
  report: (event) => void stdout.write(`${JSON.stringify(event)}\n`),
  say: (text) => void stderr.write(`${text}\n`),
  close: () => {},
});
