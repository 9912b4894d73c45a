/** The page that shows every hostile input beside what a user sees of it. */

interface Titled {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly what: string; readonly seen: string }[];
}

const introduction = `# Hostile inputs

What comes from the network and from other people may be cut off, damaged, mistaken or made to do harm. Each line below is
an archive that \`npm run hostile -- FOLDER\` makes, and what a user sees of it. A failed action ends the run
with exit code 1 and leaves nothing behind; under \`--keep-going\` the other recordings go on. The tests compare this page with what the
tasks say.

A file that is changed, cut or removed while it is read is none of these: whatever a task makes of the rest, what is seen is
\`input archive: data/a.tar.gz was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy\`.
`;

export function tables(titled: readonly Titled[]): string {
  const sections = titled.map(({ title, rows }) => {
    const lines = rows.map(({ name, what, seen }) => `| \`${name}\` | ${cell(what)} | ${cell(seen)} |`);
    return `\n## ${title}\n\n| recording | what it is | what is seen |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return introduction + sections.join('');
}

const pipelinesIntroduction = `# Hostile pipelines

A pipeline that somebody else wrote, or that was damaged, is refused before anything runs (exit code 2), and every mistake is
shown where it is. The tests compare this page with what the command says.
`;

export const pipelinesPage = (rows: Titled['rows']): string =>
  pipelinesIntroduction +
  rows.map(({ name, what, seen }) => `\n## ${name}\n\n${what}:\n\n${seen.replaceAll(/^(?=.)/gm, '    ')}\n`).join('');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
