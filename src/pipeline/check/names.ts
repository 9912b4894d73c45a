/** Reports names that are equal, or differ only in capitals: their files would overwrite each other on some systems. */
import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import type { Draft } from './draft.ts';

export const checkNames = ({ recordings, steps }: Draft): readonly Diagnostic[] => [
  ...steps.flatMap(({ outputs }) =>
    clashes(
      'output',
      [...outputs].map(([name, { key }]) => ({ name, range: key })),
    ),
  ),
  ...clashes(
    'recording',
    recordings.map(({ value, range }) => ({ name: value, range })),
  ),
  ...clashes(
    'step',
    steps.map(({ name, key }) => ({ name, range: key })),
  ),
];

function clashes(noun: string, names: readonly { name: string; range: Range }[]): readonly Diagnostic[] {
  const first = new Map<string, { name: string; range: Range }>();
  return names.flatMap(({ name, range }): readonly Diagnostic[] => {
    const folded = name.toLowerCase();
    const before = first.get(folded);
    if (before === undefined) {
      first.set(folded, { name, range });
      return [];
    }
    const related = [{ range: before.range, message: 'first written here' }];
    if (before.name === name) return [{ range, message: `${noun} '${name}' is listed twice`, related }];
    const message = `${noun}s '${before.name}' and '${name}' differ only in capitals`;
    const shared = noun === 'output' ? 'file' : 'folder';
    return [{ range, message, hint: `rename one: some systems would give both the same ${shared}`, related }];
  });
}
