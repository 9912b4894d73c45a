import colors from 'picocolors';

/** Colours, or none: picocolors' own interface. */
export type Paint = ReturnType<typeof colors.createColors>;

/** Colour for a person at a terminal, unless NO_COLOR or CI says otherwise. */
export const paintFor = (stream: NodeJS.WriteStream, { NO_COLOR, CI }: NodeJS.ProcessEnv): Paint =>
  colors.createColors(stream.isTTY === true && !NO_COLOR && !CI);
