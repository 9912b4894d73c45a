/** Whether lines may be drawn over: a terminal that can, with a person before it. */
export const isLive = ({ isTTY }: NodeJS.WriteStream, { CI, TERM }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && !CI && TERM !== 'dumb';
