/** Finds and removes characters that steer a terminal, in text that others wrote. */

/** C0 except tab and line break, DEL and C1, for use inside the brackets of a regular expression. */
export const CONTROL_RANGE = '\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f';

/** Control characters, line and paragraph separators, and characters that change the reading direction. */
export const CONTROL = new RegExp(`[${CONTROL_RANGE}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]`, 'g');

/**
 * Escape sequences: CSI, OSC and its kind, others. Each alternative stops at the next ESC, so that matching takes
 * linear time.
 */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;

/** Removes escape sequences first, with all of their characters, and then each remaining control character. */
export const withoutControls = (text: string): string => text.replace(SEQUENCE, '').replace(CONTROL, '');

/** JSON with every character escaped that a terminal or a CI log would take for a command. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    .replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('##', '#\\u0023');
