/** A reporter turns events into text for one kind of reader. */
import type { Event } from '../history/event.ts';

export interface Reporter {
  report(event: Event): void;
  /** A line for a person that is no event, such as what an interrupt does. */
  say(text: string): void;
  /** The last chance to tidy the terminal; called once, also after an interrupt. */
  close(): void;
}

/** Where text goes: results to stdout, everything else to stderr. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
