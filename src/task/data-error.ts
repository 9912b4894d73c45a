/**
 * A task throws this when its data is at fault, not its code: the message is shown unchanged, without a
 * stack trace. A good message tells the expected and the found value (with numbers), and the remedy.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}
