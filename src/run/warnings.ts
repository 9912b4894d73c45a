/** What a person should know of a result, whenever it is made or taken. */
import type { StoredResult } from '../cache/stored-result.ts';
import type { Absent, Prepared } from './prepare.ts';

export const absentText = ({ port, path }: Absent): string =>
  `input ${port}: there is no file ${path}; going on without it`;

/** The files that it does without, which belong to the pipeline and not to the result, and what its task warned of. */
export const warningsOf = (prepared: Prepared | undefined, { log }: StoredResult): readonly string[] => [
  ...(prepared?.absent.map(absentText) ?? []),
  ...log.filter(({ level }) => level === 'warning').map(({ message }) => message),
];
