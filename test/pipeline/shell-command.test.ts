import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/pipeline/shell-command.ts';
import { mistakes, steps, valid } from './check/mistakes.ts';

const shell = (command: string) =>
  mistakes(
    steps(`  sort:
    shell: ${JSON.stringify(command)}
    each: recording
    inputs: { mea: unzip.mea, script: { file: sort.py } }
    outputs: { sorting: .npz }
    params: { threshold: 5 }
`),
  );

describe('parseCommand', () => {
  test('parseCommand cuts a command at its placeholders and ignores all other braces', () => {
    const command = `awk '{print $1}' {inputs.mea} \${HOME} {a,b} {params.k} > {outputs.out} # {recording}`;
    const { pieces, placeholders } = parseCommand(command);
    expect(pieces).toEqual(["awk '{print $1}' ", ` \${HOME} {a,b} `, ' > ', ' # ', '']);
    expect(placeholders.map(({ kind, name }) => `${kind}.${name}`)).toEqual([
      'inputs.mea',
      'params.k',
      'outputs.out',
      'recording.',
    ]);
  });
});

describe('a shell step', () => {
  const right = 'python {inputs.script} {inputs.mea} {outputs.sorting} {params.threshold} {recording}';

  test('a shell step has the interface that the document declares', () => {
    expect(shell(right)).toBe('none');
    const step = valid(
      steps(`  sort:
    shell: ls {inputs.all} {inputs.info} {inputs.pictures} {inputs.own} {inputs.triggers} > {outputs.list}
    inputs: { all: unzip.all, info: unzip.info, pictures: detect.picture, own: { file: a.py }, triggers: unzip.triggers }
    outputs: { list: .tar.gz }
    params: { k: 5, name: x }
    env: { OMP_NUM_THREADS: "1" }
`),
    ).steps[2];
    expect(step).toMatchObject({
      task: { kind: 'shell', env: { OMP_NUM_THREADS: '1' } },
      params: { k: 5, name: 'x' },
      inputs: { all: { gathered: true }, own: { kind: 'file', path: 'a.py' } },
      interface: {
        inputs: {
          all: { kind: 'gathered', of: { kind: 'folder' } },
          info: { kind: 'gathered', of: { kind: 'table', table: { columns: { rate: { unit: 'Hz' } } } } },
          pictures: { kind: 'gathered', of: { kind: 'file' } },
          own: { kind: 'file' },
          triggers: { kind: 'gathered', of: { kind: 'file', optional: true } },
        },
        params: { required: ['k', 'name'] },
        outputs: { list: { kind: 'file', extension: '.tar.gz' } },
      },
    });
  });

  test('unknown and misspelt placeholders of a command are reported', () => {
    expect(shell('x {inputs.mae} {outputs.sortng} {params.k}')).toMatchInlineSnapshot(`
      "pipeline.yaml:12:15: step 'sort' has no input 'mae'
              shell: "x {inputs.mae} {outputs.sortng} {params.k}"
                        ~~~~~~~~~~~~
        did you mean 'mea'?

      pipeline.yaml:12:28: step 'sort' has no output 'sortng'
              shell: "x {inputs.mae} {outputs.sortng} {params.k}"
                                     ~~~~~~~~~~~~~~~~
        did you mean 'sorting'?

      pipeline.yaml:12:45: step 'sort' has no parameter 'k'
              shell: "x {inputs.mae} {outputs.sortng} {params.k}"
                                                      ~~~~~~~~~~
        its parameters: threshold

      3 mistakes"
    `);
    expect(shell('x {input.mea} {recoring} {outputs.sorting}')).toMatchInlineSnapshot(`
      "pipeline.yaml:12:15: '{input.mea}' is no placeholder
              shell: "x {input.mea} {recoring} {outputs.sorting}"
                        ~~~~~~~~~~~
        did you mean '{inputs.mea}'?

      pipeline.yaml:12:27: '{recoring}' is no placeholder
              shell: "x {input.mea} {recoring} {outputs.sorting}"
                                    ~~~~~~~~~~
        did you mean '{recording}'?

      2 mistakes"
    `);
    expect(shell(`x \${inputs.mea} {inputs} {outputs.sorting}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:12:15: '\${inputs.mea}' is no variable of the shell
              shell: "x \${inputs.mea} {inputs} {outputs.sorting}"
                        ~~~~~~~~~~~~~
        write {inputs.mea}

      pipeline.yaml:12:29: '{inputs}' does not say which
              shell: "x \${inputs.mea} {inputs} {outputs.sorting}"
                                      ~~~~~~~~
        write {inputs.name}

      2 mistakes"
    `);
  });

  test.each([
    ['a word', 'echo \\{params.threshold} {outputs.sorting}'],
    ['a here-document', 'cat > {outputs.sorting} <<EOF\nC:\\{params.threshold}\nEOF\n'],
  ])('a backslash before a placeholder in %s is refused, for it would escape the quote of the value', (_, command) => {
    expect(shell(command)).toContain('a backslash before a placeholder would escape the quote around its value');
  });

  test.each([
    ['two backslashes', 'echo \\\\{params.threshold} {outputs.sorting}'],
    ['a here-document that is raw', "cat > {outputs.sorting} <<'EOF'\nC:\\{params.threshold}\nEOF\n"],
  ])('a placeholder after %s is accepted', (_, command) => {
    expect(shell(command)).toBe('none');
  });

  test('quotes around a placeholder are reported on the right line of a command', () => {
    const block = `  sort:
    shell: |
      set -e
      python "{inputs.mea}" {outputs.sorting}
    each: recording
    inputs: { mea: unzip.mea }
    outputs: { sorting: .npz }
`;
    expect(mistakes(steps(block))).toMatchInlineSnapshot(`
      "pipeline.yaml:14:15: a placeholder cannot stand within quotes
                python "{inputs.mea}" {outputs.sorting}
                        ~~~~~~~~~~~~
        remove the quotes around it: the value is quoted when it is filled in

      1 mistake"
    `);
  });

  test('an output that the command never writes is reported', () => {
    expect(shell('x {inputs.mea}')).toMatchInlineSnapshot(`
      "pipeline.yaml:15:16: the command never writes output 'sorting'
              outputs: { sorting: .npz }
                         ~~~~~~~
        say where: {outputs.sorting}

      1 mistake"
    `);
  });

  test('a parameter that a command cannot hold is reported', () => {
    expect(
      mistakes(steps('  x: { shell: "x {params.a} {params.b}", params: { a: [1], b: 2 } }\n')),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:11:52: parameter 'a' of a command must be text, a number, true, false or null
            x: { shell: "x {params.a} {params.b}", params: { a: [1], b: 2 } }
                                                             ~

      1 mistake"
    `);
  });
});
