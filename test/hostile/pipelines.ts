/** Careless pipelines, and pipelines made to do harm, with the tasks of `test/pipeline/check/mistakes.ts`. */
import { detect, each, steps, unzip } from '../pipeline/check/mistakes.ts';

export interface HostilePipeline {
  readonly name: string;
  readonly description: string;
  readonly text: string;
}

const pipeline = (name: string, description: string, text: string): HostilePipeline => ({ name, description, text });

const recording = (name: string, description: string, value: string): HostilePipeline =>
  pipeline(name, description, `each: { recording: [${JSON.stringify(value)}] }\nsteps:\n${unzip}`);

const file = (name: string, description: string, path: string): HostilePipeline =>
  pipeline(
    name,
    description,
    `${each}steps:\n  unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: ${JSON.stringify(path)} } } }\n`,
  );

const command = (name: string, description: string, shell: string): HostilePipeline =>
  pipeline(
    name,
    description,
    `steps:\n  a: { shell: ${JSON.stringify(shell)}, params: { x: "; rm -rf ~" }, outputs: { o: .txt } }\n`,
  );

const bomb = [
  'x0: &x0 [1,1,1,1,1,1,1,1,1,1]',
  ...Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(10).fill(`*x${i}`).join()}]`),
];

const link = (i: number): string =>
  i === 0
    ? '  s0: { shell: "echo > {outputs.o}", outputs: { o: .txt } }\n'
    : `  s${i}: { shell: "cat {inputs.i} > {outputs.o}", inputs: { i: s${i - 1}.o }, outputs: { o: .txt } }\n`;

/** A chain of this many steps. */
export const chain = (length: number): string => `steps:\n${Array.from({ length }, (_, i) => link(i)).join('')}`;

const ring = `steps:\n${[2, 0, 1].map((before, i) => `  s${i}: { shell: "cat {inputs.i} > {outputs.o}", inputs: { i: s${before}.o }, outputs: { o: .txt } }\n`).join('')}`;

export const pipelines: readonly HostilePipeline[] = [
  pipeline('nothing', 'an empty file', ''),
  pipeline('alias-bomb', 'ten thousand million values in ten lines of aliases', bomb.join('\n')),
  pipeline('nested', 'a hundred nested lists', `steps: ${'['.repeat(100)}${']'.repeat(100)}`),
  pipeline('name-twice', 'a step written twice', `${each}steps:\n${unzip}${unzip}`),
  pipeline(
    'merge-key',
    'a merge key, which YAML 1.2 lacks',
    `base: &b { each: recording }\n${each}steps:\n  unzip: { <<: *b }\n`,
  ),
  pipeline('anchor-key', 'an anchor and a list as a name', 'steps: { &a [x]: 1 }'),
  pipeline('proto', 'a step called __proto__', `${each}steps:\n  __proto__: { uses: ./unzip.ts }\n${unzip}`),
  pipeline('tag', 'a tag for which some readers run code', 'steps: !!python/object/apply:os.system ["id"]'),
  pipeline('tabs', 'tabs that indent', 'steps:\n\tunzip:\n'),
  pipeline('utf-16', 'UTF-16 read as UTF-8', Buffer.from('\uFEFFsteps: {}', 'utf16le').toString('utf8')),
  pipeline('latin-1', 'Latin-1 read as UTF-8', Buffer.from('name: Gr\xfc\xdfe\nsteps: {}', 'latin1').toString('utf8')),
  pipeline(
    'megabyte-value',
    'a value of a megabyte instead of a number',
    steps(
      `  d2:\n    uses: ./detect.ts\n    each: recording\n    inputs: { juxta: unzip.juxta, info: unzip.info }\n    params: { half_width: ${'x'.repeat(1_000_000)} }\n`,
    ),
  ),
  ...['1e999', '.nan', '1_0'].map((value) =>
    pipeline(
      `number-${value.replaceAll('.', '')}`,
      `${value} instead of a number`,
      steps(
        `  d2:\n    uses: ./detect.ts\n    each: recording\n    inputs: { juxta: unzip.juxta, info: unzip.info }\n    params: { mad_multiplier: ${value} }\n`,
      ),
    ),
  ),
  pipeline('recording-twice', 'a recording written twice', `each: { recording: [a, a] }\nsteps:\n${unzip}`),
  pipeline('megabyte-name', 'a name of a megabyte', `steps: { ${'x'.repeat(1_000_000)}: 3 }`),
  pipeline('escape-name', 'escape sequences in a name', 'steps: { "\\e[2J": { uses: ./unzip.ts } }'),
  pipeline('ring', 'three steps that need each other in a circle', ring),
  pipeline('unknown-key', 'an unknown key', `${each}steps:\n${unzip}${detect}    run: rm -rf ~\n`),
  recording('recording-slash', 'a recording with a slash', 'a/b'),
  recording('recording-parent', 'a recording called ..', '..'),
  recording('recording-space', 'a recording with a space', 'a b'),
  recording('recording-unicode', 'a recording in another script', 'zelle-细胞'),
  recording('recording-shell', 'a recording with a name that a shell would run', '$(touch pwned)'),
  recording('recording-option', 'a recording named like an option', '--force'),
  recording('recording-long', 'a recording of 300 characters', 'r'.repeat(300)),
  file('path-absolute', 'a file outside the folder, by an absolute path', '/etc/passwd'),
  file('path-parent', 'a file outside the folder, by ..', 'data/../../secret'),
  file('path-home', 'a file in the home folder', '~/.ssh/id_rsa'),
  file('path-windows', 'a file outside the folder, by a path of Windows', 'C:\\secret'),
  file('path-address', 'an address instead of a file', 'https://example.org/a.tar.gz'),
  file('path-nul', 'a zero byte in a path', 'a\0b'),
  command('quoted-placeholder', 'a value within the quotes of a command', 'echo "{params.x}" > {outputs.o}'),
  command('shell-variable', 'a value as a variable of the shell', 'echo $' + '{params.x} > {outputs.o}'),
];
