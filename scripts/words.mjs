/**
 * Counts the words that make prose hard to read, in comments, test titles and pages, and fails where there are too many:
 * a pronoun where a noun should stand ("what", "one"), and relative clauses in place of a subject ("where", "none").
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const TELL_TALE = ['what', 'one', 'where', 'none', 'whatever', 'whoever', 'whichever'];
/** In 1,000 words. */
const MOST = 3;

const SOURCES = ['src', 'tasks', 'schemas', 'test', 'bench', 'scripts'];
const filesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
    : [path];
const find = (folders, name) =>
  folders.flatMap((folder) => filesIn(join(root, folder))).filter((path) => name.test(path));

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;
const TITLE = /(?<=\b(?:test|describe)(?:\.\w+)*\(\s*)(['"`])(?:\\.|(?!\1).)*\1/gs;
const commentsOf = (text) => (text.match(COMMENT) ?? []).join('\n').replaceAll(/`[^`\n]*`/g, '');
const titlesOf = (text) => (text.match(TITLE) ?? []).join('\n');
const proseOf = (text) => text.replaceAll(/```[\s\S]*?```|`[^`\n]*`|<[^>]*>|\([^)\s]*\)/g, '');

const text = (paths, read) => paths.map((path) => [relative(root, path), read(readFileSync(path, 'utf8'))]);
const sources = find(SOURCES, /\.(?:ts|mjs)$/);
const KINDS = {
  comments: text(sources, commentsOf),
  'test titles': text(sources, titlesOf),
  // The pages of hostile inputs and pipelines list messages, the same message up to 21 times.
  pages: text([...find(['docs'], /\/(?!hostile-)[^/]*\.md$/), join(root, 'README.md')], proseOf),
};

const wordsOf = (prose) => prose.toLowerCase().match(/[a-z']+/g) ?? [];

/** With a folder's path, lists the files there that have most of these words. */
const [, , folder] = process.argv;
let failed = false;
for (const [kind, parts] of Object.entries(KINDS)) {
  const chosen = parts.filter(([path]) => folder === undefined || path.startsWith(folder));
  const words = chosen.flatMap(([, prose]) => wordsOf(prose));
  const rates = TELL_TALE.map((word) => [word, (1000 * words.filter((found) => found === word).length) / words.length]);
  const tooMany = rates.filter(([, rate]) => rate > MOST);
  if (tooMany.length === 0 && folder === undefined) continue;
  failed ||= tooMany.length > 0;
  console.log(
    `${kind}: ${words.length} words; in 1,000: ${rates.map(([word, rate]) => `${word} ${rate.toFixed(1)}`).join(', ')}`,
  );
  if (folder === undefined) continue;
  const counted = chosen.map(([path, prose]) => [
    wordsOf(prose).filter((word) => TELL_TALE.includes(word)).length,
    path,
  ]);
  for (const [count, path] of counted.sort(([a], [b]) => b - a).slice(0, 20))
    if (count > 0) console.log(`  ${count} ${path}`);
}
if (failed) {
  console.error(`at most ${MOST} in 1,000 of each; name the subject instead`);
  process.exitCode = 1;
}
