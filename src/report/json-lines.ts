import type { Reporter, Streams } from './reporter.ts';

/** One event a line on stdout, as `schemas/events.schema.json` says. */
export const jsonLinesReporter = ({ stdout }: Streams): Reporter => ({
  report: (event) => void stdout.write(`${JSON.stringify(event)}\n`),
  close: () => {},
});
