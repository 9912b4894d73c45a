/** Characters and sequences that steer a terminal, in text that others wrote. */

/** C0 but tab and line break, DEL, C1, line and paragraph separators, and what turns the reading direction. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Each part ends where a further ESC begins, so that no text takes longer than its length: CSI, OSC and its kind, others. */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;

/** Removes whole sequences, so that nothing of them is left to read, and then each single control character. */
export const withoutControls = (text: string): string => text.replace(SEQUENCE, '').replace(CONTROL, '');

/** JSON that means the same, without a character that a terminal or a CI log would take for a command. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    .replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('##', '#\\u0023');
