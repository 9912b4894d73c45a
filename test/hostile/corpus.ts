/** Every hostile archive, in the order of the page with the messages that a user sees. */
import { archives } from './archives.ts';
import type { HostileInput } from './hostile-input.ts';
import type { LastStep } from './outcome.ts';
import { signals } from './signals.ts';
import { sizes, texts } from './texts.ts';
import { triggerLists } from './triggers.ts';

export const corpus: readonly {
  readonly title: string;
  /** The last step that such an input can affect; an input that passes it is as the good recording. */
  readonly until: LastStep;
  readonly inputs: readonly HostileInput[];
}[] = [
  { title: 'Archives', until: 'unzip', inputs: archives },
  { title: 'STEM.txt', until: 'unzip', inputs: texts },
  { title: 'Sizes', until: 'unzip', inputs: sizes },
  { title: 'STEM.triggers.npy', until: 'detect', inputs: triggerLists },
  { title: 'Signals', until: 'verdict', inputs: signals },
];
