/** An archive as a careless or hostile hand leaves it. */
export interface HostileInput {
  /** Also a recording's name. */
  readonly name: string;
  /** What is wrong with it, for the table. */
  readonly what: string;
  bytes(): Uint8Array;
}

export const input = (name: string, what: string, bytes: () => Uint8Array): HostileInput => ({ name, what, bytes });
