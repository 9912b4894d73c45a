/** An archive from a careless or hostile author. */
export interface HostileInput {
  /** Also a recording's name. */
  readonly name: string;
  /** For the page; ends in `fine` if the archive is accepted. */
  readonly description: string;
  bytes(): Uint8Array;
}

export const input = (name: string, description: string, bytes: () => Uint8Array): HostileInput => ({
  name,
  description,
  bytes,
});
