/** Reads the fenced blocks of a page that tests use: commands, files to write, and quoted output. */

export type Block =
  /** ```sh: a command per line. `skipped`: the reason to skip it, from the words after `no-test`. */
  | {
      readonly kind: 'commands';
      readonly line: number;
      readonly commands: readonly string[];
      readonly skipped?: string;
    }
  /** ```ts tasks/rate.ts: the block is this file. */
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  /** ``` without a language: the output of the commands before it; `...` stands for omissions. */
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

/** A command per line, without comments; a backslash at the end joins the next line. */
const commandsIn = (text: string): string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');

/**
 * Returns the first part of a quoted output that was not printed, or null. Takes any blanks and line breaks as a single
 * blank (a terminal wraps), and all durations, sizes and numbers of executed actions as equal; `...` matches anything.
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

/** Earlier results are reused, so only the sum is the same each time. */
const withSum = (counts: string): string =>
  `${counts} of ${(counts.match(/\d+/g) ?? []).reduce((sum, count) => sum + Number(count), 0)}`;
