/** The fenced blocks of a page, as the tests use them: commands, files to be written, and quoted output. */

export type Block =
  /** ```sh: a command a line. `skipped`: why it is not run, from the words after `no-test`. */
  | {
      readonly kind: 'commands';
      readonly line: number;
      readonly commands: readonly string[];
      readonly skipped?: string;
    }
  /** ```ts tasks/rate.ts: the block is this file. */
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  /** ``` without a language: what the commands before it print; `...` stands for what is left out. */
  | { readonly kind: 'output'; readonly line: number; readonly text: string };

const FENCE = /^```([^\n]*)\n([\s\S]*?)^```$/gm;

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCE)].flatMap(({ index, 1: info = '', 2: text = '' }): Block[] => {
    const line = page.slice(0, index).split('\n').length;
    const [language = '', ...words] = info.split(' ');
    if (info === '') return [{ kind: 'output', line, text }];
    if (language === 'sh') {
      const skipped = words[0] === 'no-test' ? { skipped: words.slice(1).join(' ') } : {};
      return [{ kind: 'commands', line, commands: commandsIn(text), ...skipped }];
    }
    return words.length === 1 ? [{ kind: 'file', line, path: words[0] ?? '', text }] : [];
  });
}

/** One a line, those that end in a backslash joined, without comments. */
const commandsIn = (text: string): string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');

/**
 * Which part of a quoted output is not in what was printed, or null. Blanks and line breaks count as one blank (a
 * terminal wraps), durations, sizes and how many of the actions were executed as equal; `...` stands for anything.
 */
export function firstMissing(quoted: string, printed: string): string | null {
  const text = stable(printed);
  let from = 0;
  for (const part of stable(quoted).split('...')) {
    const words = part.trim();
    const at = text.indexOf(words, from);
    if (at === -1) return words;
    from = at + words.length;
  }
  return null;
}

const stable = (text: string): string =>
  text
    .replaceAll(/\d+ min \d+ s\b|\d+(\.\d+)? (ms|s)\b/g, 'TIME')
    .replaceAll(/\d+(\.\d+)? [kMGT]?B\b/g, 'SIZE')
    .replaceAll(/\d+ executed, \d+ reused|\d+ to execute, \d+ to reuse(, \d+ not known yet)?/g, withSum)
    .replaceAll(/[1-9]\d* (?=executed|reused|to execute|to reuse|not known|actions)/g, 'N ')
    .replaceAll(/\s+/g, ' ');

/** What was made before is reused, so only the sum is the same each time. */
const withSum = (counts: string): string =>
  `${counts} of ${(counts.match(/\d+/g) ?? []).reduce((sum, count) => sum + Number(count), 0)}`;
