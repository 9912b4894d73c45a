import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { pipelineSchema } from '../../../schemas/pipeline.ts';
import { mistakes, steps, unzip } from './mistakes.ts';

const step = (body: string) =>
  mistakes(steps(`  x:\n    uses: ./page.ts\n    inputs: { picture: detect.picture }\n    each: recording\n${body}`));
const shell = (body: string) => mistakes(steps(`  x:\n    shell: make {outputs.a}\n    outputs: { a: .txt }\n${body}`));

test('the schema of a pipeline is valid JSON Schema', () => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validateSchema(pipelineSchema)).toBe(true);
});

test('a valid pipeline has no mistakes', () => {
  expect(mistakes(steps(''))).toBe('none');
  expect(step('    timeout: 0.5\n    retries: 2\n')).toBe('none');
  expect(shell('    env: { OMP_NUM_THREADS: "1" }\n')).toBe('none');
});

test('unknown field names are reported', () => {
  expect(mistakes(`nmae: x\n${steps('')}`)).toMatchInlineSnapshot(`
    "pipeline.yaml:1:1: a pipeline has no 'nmae'
        nmae: x
        ~~~~
      did you mean 'name'?

    1 mistake"
  `);
  expect(step('    retry: 2\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:5: step 'x' has no 'retry'
            retry: 2
            ~~~~~
      it can have: uses, shell, each, inputs, params, outputs, env, cwd, timeout, retries, resources

    1 mistake"
  `);
  expect(step('    colour: red\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:5: step 'x' has no 'colour'
            colour: red
            ~~~~~~
      it can have: uses, shell, each, inputs, params, outputs, env, cwd, timeout, retries, resources

    1 mistake"
  `);
  expect(mistakes(`each: { recordings: [a] }\nsteps:\n${unzip}`)).toMatchInlineSnapshot(`
    "pipeline.yaml:1:9: 'each' has no 'recordings'
        each: { recordings: [a] }
                ~~~~~~~~~~
      did you mean 'recording'?

    pipeline.yaml:5:11: the pipeline lists no recordings
            each: recording
                  ~~~~~~~~~
      list them at the top, for example: each: { recording: [a, b] }

    2 mistakes"
  `);
  expect(mistakes(`stpes:\n${unzip}`)).toMatchInlineSnapshot(`
    "pipeline.yaml:1:1: a pipeline has no 'stpes'
        stpes:
        ~~~~~
      did you mean 'steps'?

    1 mistake"
  `);
  expect(mistakes(steps('  x: { use: ./page.ts }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:8: step 'x' has no 'use'
          x: { use: ./page.ts }
               ~~~
      did you mean 'uses'?

    1 mistake"
  `);
  expect(mistakes(steps('  x: { uses: ./page.ts, inputs: { picture: { fil: a } } }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:46: input 'picture' has no 'fil'
          x: { uses: ./page.ts, inputs: { picture: { fil: a } } }
                                                     ~~~
      did you mean 'file'?

    1 mistake"
  `);
});

test('field values of the wrong form are reported', () => {
  expect(step('    retries: 1.5\n    timeout: 0\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:14: 'retries' must be a whole number of 0 or more
            retries: 1.5
                     ~~~

    pipeline.yaml:16:14: 'timeout' must be a number greater than 0
            timeout: 0
                     ~

    2 mistakes"
  `);
  expect(step('    retries: "3"\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:14: 'retries' must be a whole number of 0 or more
            retries: "3"
                     ~~~
      write it without quotes: 3

    1 mistake"
  `);
  expect(mistakes(steps('  x: { uses: 3, each: recordings }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:14: 'uses' must be text
          x: { uses: 3, each: recordings }
                     ~
      put it in quotes: "3"

    pipeline.yaml:11:23: 'each' must be 'recording': the step runs once for each of them
          x: { uses: 3, each: recordings }
                              ~~~~~~~~~~
      did you mean 'recording'?

    2 mistakes"
  `);
  expect(mistakes(steps('  x: ./page.ts\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:6: a step has either 'uses' (a task module) or 'shell' (a command)
          x: ./page.ts
             ~~~~~~~~~

    1 mistake"
  `);
  expect(mistakes('steps: {}\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:1: 'steps' must hold at least one step, by name
        steps: {}
        ~~~~~

    1 mistake"
  `);
  expect(mistakes('name: x\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:1: a pipeline needs 'steps'
        name: x
        ~~~~
      'steps' must hold at least one step, by name

    1 mistake"
  `);
  expect(mistakes('steps:\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:1: 'steps' must hold at least one step, by name
        steps:
        ~~~~~

    1 mistake"
  `);
  expect(mistakes(`name: ""\n${steps('')}`)).toMatchInlineSnapshot(`
    "pipeline.yaml:1:7: 'name' must be text that is not empty
        name: ""
              ~~

    1 mistake"
  `);
  expect(shell('    env: { OMP_NUM_THREADS: 1, "A B": x }\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:14:29: 'OMP_NUM_THREADS' must be text
            env: { OMP_NUM_THREADS: 1, "A B": x }
                                    ~
      put it in quotes: "1"

    pipeline.yaml:14:32: an environment variable's name may hold only letters, digits and '_'
            env: { OMP_NUM_THREADS: 1, "A B": x }
                                       ~~~~~

    2 mistakes"
  `);
  expect(
    mistakes(steps('  x: { shell: "{outputs.a.b} {outputs.c}", outputs: { a.b: .txt, c: npz } }\n')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:55: an output's name may hold only letters, digits, '_' and '-'
          x: { shell: "{outputs.a.b} {outputs.c}", outputs: { a.b: .txt, c: npz } }
                                                              ~~~

    pipeline.yaml:11:69: an output is given by its file name extension, such as .npz, or as { file: .npz }, { folder: true } or { table: { column: { type: float64 } } }
          x: { shell: "{outputs.a.b} {outputs.c}", outputs: { a.b: .txt, c: npz } }
                                                                            ~~~

    2 mistakes"
  `);
  expect(mistakes(steps('  un zip: { uses: ./page.ts, inputs: { picture: 3 } }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:3: a step's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100
          un zip: { uses: ./page.ts, inputs: { picture: 3 } }
          ~~~~~~

    pipeline.yaml:11:49: an input is another step's output, such as unzip.juxta, or { file: path }, or { from: step.port }
          un zip: { uses: ./page.ts, inputs: { picture: 3 } }
                                                        ~

    2 mistakes"
  `);
});

test('an input that needs quotes is reported', () => {
  expect(
    mistakes(steps('  x: { uses: ./page.ts, inputs: { picture: { file: {recording} } } }\n')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:46: 'file' must be text
          x: { uses: ./page.ts, inputs: { picture: { file: {recording} } } }
                                                     ~~~~
      put it in quotes if it is one text: "{recording}"

    1 mistake"
  `);
});

test('wrong lists of recordings are reported', () => {
  const with_ = (list: string) => mistakes(`each: { recording: ${list} }\nsteps:\n${unzip}`);
  expect(with_('[20160415, a]')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:21: item 1 of 'recording' must be text
        each: { recording: [20160415, a] }
                            ~~~~~~~~
      put it in quotes: "20160415"

    1 mistake"
  `);
  expect(with_('[a/b, .., -x]')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:21: a recording's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100
        each: { recording: [a/b, .., -x] }
                            ~~~

    pipeline.yaml:1:26: a recording's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100
        each: { recording: [a/b, .., -x] }
                                 ~~

    pipeline.yaml:1:30: a recording's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100
        each: { recording: [a/b, .., -x] }
                                     ~~

    3 mistakes"
  `);
  expect(with_('a')).toMatchInlineSnapshot(`
    "pipeline.yaml:1:20: 'recording' must be a list
        each: { recording: a }
                           ~

    1 mistake"
  `);
});

test('fields that exclude each other are reported', () => {
  expect(
    mistakes(steps('  x: { uses: ./page.ts, shell: make, inputs: { picture: detect.picture } }\n')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:3: a step has either 'uses' (a task module) or 'shell' (a command)
          x: { uses: ./page.ts, shell: make, inputs: { picture: detect.picture } }
          ~

    1 mistake"
  `);
  expect(mistakes(steps('  x: { inputs: {} }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:3: a step has either 'uses' (a task module) or 'shell' (a command)
          x: { inputs: {} }
          ~

    1 mistake"
  `);
  expect(step('    outputs: { a: .txt }\n    env: {}\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:5: 'outputs' goes only with 'shell'
            outputs: { a: .txt }
            ~~~~~~~

    pipeline.yaml:16:5: 'env' goes only with 'shell'
            env: {}
            ~~~

    2 mistakes"
  `);
  expect(
    mistakes(steps('  x: { uses: ./page.ts, inputs: { picture: { file: a, from: b.c } } }\n')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:35: an input in { } has one of 'file', 'files' and 'from'
          x: { uses: ./page.ts, inputs: { picture: { file: a, from: b.c } } }
                                          ~~~~~~~

    1 mistake"
  `);
  expect(
    mistakes(steps('  x: { uses: ./page.ts, inputs: { picture: { file: a, partial: true } } }\n')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:55: 'partial' goes only with 'from'
          x: { uses: ./page.ts, inputs: { picture: { file: a, partial: true } } }
                                                              ~~~~~~~

    1 mistake"
  `);
  expect(mistakes(steps('  x: { uses: ./page.ts, inputs: { picture: {} } }\n'))).toMatchInlineSnapshot(`
    "pipeline.yaml:11:35: an input in { } has one of 'file', 'files' and 'from'
          x: { uses: ./page.ts, inputs: { picture: {} } }
                                          ~~~~~~~

    1 mistake"
  `);
});

test('the content of a misspelt field is not reported as missing', () => {
  const misspelt = '  x:\n    uses: ./page.ts\n    input: { picture: detect.picture }\n    eahc: recording\n';
  expect(mistakes(steps(misspelt))).toMatchInlineSnapshot(`
    "pipeline.yaml:13:5: step 'x' has no 'input'
            input: { picture: detect.picture }
            ~~~~~
      did you mean 'inputs'?

    pipeline.yaml:14:5: step 'x' has no 'eahc'
            eahc: recording
            ~~~~
      did you mean 'each'?

    2 mistakes"
  `);
  expect(mistakes(steps(misspelt.replace('detect.picture', 'detect.pictures')))).toContain("has no output 'pictures'");
});
