/**
 * Thrown by a task when its data, not its code, is at fault: the message is shown as it is, without a
 * stack trace. It should say what was expected, what was found (with numbers) and what to do.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}
