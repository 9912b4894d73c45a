/** Text that would steer a terminal, turn its writing around, or be a command to a CI log. */
export const HOSTILE = [
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[31m',
  '\u009b2J\u009d0;title\u009c',
  '\u001bP0;1|17/ab\u001b\\',
  'a\u202eb\u2066c\u2069',
  'over\rwritten\b\b',
  '\u001b(0\u001bc\u001b',
  '\u0000\u007f\u0085',
].join('');

const COMMANDS = [
  '::set-output name=a::b',
  '  ::error::c',
  '\r::stop-commands::d',
  '##[add-mask]e',
  'x##vso[task.setvariable]f',
];

/** All of it on several lines. */
export const HOSTILE_LINES = [HOSTILE, ...COMMANDS, `${HOSTILE}::warning::g`].join('\n');

/** The lines of a printed text that would steer a terminal or a CI log. */
export function steering(printed: string): string[] {
  return printed
    .split('\n')
    .filter(
      (line) => /[^\t\P{Cc}]|[\u2028-\u202e\u2066-\u2069]/u.test(line) || /^\s*::|##\[|##vso\[|##teamcity\[/.test(line),
    );
}
