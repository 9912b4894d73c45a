import colors from 'picocolors';
import { isLive } from './live.ts';

/** Colours, or none: picocolors' own interface. */
export type Paint = ReturnType<typeof colors.createColors>;

/** Colour for a person at a terminal that has it, unless NO_COLOR says otherwise. */
export const paintFor = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Paint =>
  colors.createColors(isLive(stream, env) && !env.NO_COLOR);
