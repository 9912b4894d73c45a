import colors from 'picocolors';
import { ownSequence } from './terminal.ts';

/** The interface of picocolors; without colour its functions return text unchanged. */
export type Paint = ReturnType<typeof colors.createColors>;

/** Colours only a live terminal, and not if NO_COLOR is set. */
export function paintFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Paint {
  const paint = colors.createColors(isLive(stream, env) && !env.NO_COLOR);
  if (!paint.isColorSupported) return paint;
  const marked = Object.entries(paint).map(([name, style]) => [
    name,
    typeof style === 'function' ? markedOf(style) : style,
  ]);
  return Object.fromEntries(marked) as Paint;
}

/** Marks the sequences of the style as the engine's own, but not those in the styled text. */
function markedOf(style: (text: string) => string): (text: string | number | null | undefined) => string {
  const [open = '', close = ''] = style(' ').split(' ').map(ownSequence);
  return (text) => `${open}${text}${close}`;
}

/** Whether lines may be redrawn in place: the stream is a capable terminal that a person watches. */
export const isLive = ({ isTTY }: NodeJS.WriteStream, { CI, TERM }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && !CI && TERM !== 'dumb';
