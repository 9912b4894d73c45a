/** Makes the pages that show every hostile input beside the message that a user sees. */

interface Section {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly description: string; readonly message: string }[];
}

const introduction = `# Hostile inputs

Files from the network and from other people may be cut off, damaged, mistaken or made to do harm. Each row below names an archive that
\`npm run hostile -- FOLDER\` makes, and the message that a user sees. A failed action ends the run with exit code 1 and leaves nothing
behind; under \`--keep-going\` the other recordings go on. The tests compare this page with the messages of the tasks.

A file that is changed, cut or removed while a task reads it has a message of its own, even if the task made a result:
\`input archive: data/a.tar.gz was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy\`.
`;

export function tables(sections: readonly Section[]): string {
  const texts = sections.map(({ title, rows }) => {
    const lines = rows.map(
      ({ name, description, message }) => `| \`${name}\` | ${cell(description)} | ${cell(message)} |`,
    );
    return `\n## ${title}\n\n| recording | content | message |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return introduction + texts.join('');
}

const pipelinesIntroduction = `# Hostile pipelines

A pipeline that somebody else wrote, or that was damaged, is refused before anything runs (exit code 2), and every mistake is
shown in its place. The tests compare this page with the command's messages.
`;

export const pipelinesPage = (rows: Section['rows']): string =>
  pipelinesIntroduction +
  rows
    .map(
      ({ name, description, message }) =>
        `\n## ${name}\n\n${description}:\n\n${message.replaceAll(/^(?=.)/gm, '    ')}\n`,
    )
    .join('');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
