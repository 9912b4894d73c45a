/** Names that are the same, or differ only in capitals: their files would overwrite each other on some systems. */
import type { Diagnostic, Range } from './diagnostic.ts';
import type { Draft } from './draft.ts';

export const checkNames = ({ recordings, steps }: Draft): readonly Diagnostic[] => [
  ...clashes(
    'recording',
    recordings.map(({ value, range }) => ({ name: value, range })),
  ),
  ...clashes(
    'step',
    steps.map(({ name, key }) => ({ name, range: key })),
  ),
];

function clashes(what: string, names: readonly { name: string; range: Range }[]): readonly Diagnostic[] {
  const first = new Map<string, { name: string; range: Range }>();
  return names.flatMap(({ name, range }): readonly Diagnostic[] => {
    const before = first.get(name.toLowerCase());
    if (before === undefined) {
      first.set(name.toLowerCase(), { name, range });
      return [];
    }
    const related = [{ range: before.range, message: 'first written here' }];
    if (before.name === name) return [{ range, message: `${what} '${name}' is listed twice`, related }];
    const message = `${what}s '${before.name}' and '${name}' differ only in capitals`;
    return [{ range, message, hint: 'rename one: some systems would give both the same folder', related }];
  });
}
