/** Thrown out of a task's `write` when what it writes is not what it declared; ends the action. */
export class OutputInvalid extends Error {
  override readonly name = 'OutputInvalid';
  readonly port: string;

  constructor(port: string, message: string) {
    super(message);
    this.port = port;
  }
}
