/** A reporter turns events into text for a terminal, a log or a program. */
import type { Event } from '../history/event.ts';
import type { Paint } from './paint.ts';

export interface Reporter {
  report(event: Event): void;
  /** Prints a line that is not an event, such as the answer to Ctrl-C. */
  say(text: string): void;
  /** Tidies the terminal; called once, after an interrupt too. */
  close(): void;
}

/** Results go to stdout, everything else to stderr. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface ReporterStyle {
  readonly paint: Paint;
  /** For the headline table, which goes to stdout. */
  readonly paintOut: Paint;
  /** The command that reproduces an action of this request. */
  readonly reproduce: (action: string) => string;
}
