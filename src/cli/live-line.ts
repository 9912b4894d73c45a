import { isLive } from '../report/paint.ts';
import { ownSequence } from '../report/terminal.ts';

/** Redraws the last line of stderr; an empty text erases it. Writes nothing unless a person watches. */
export function liveLine(): (text: string) => void {
  const { stderr, env } = process;
  if (!isLive(stderr, env)) return () => {};
  return (text) => void stderr.write(`${ownSequence('\r\u001b[K')}${text}`);
}
