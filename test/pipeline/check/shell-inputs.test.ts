import { expect, test } from 'vitest';
import { each, mistakes, steps, valid } from './mistakes.ts';

const shell = (input: string, more = '') =>
  `${each}steps:\n  s:\n    shell: "x {inputs.i} {inputs.i.list} > {outputs.o}"\n    inputs: { i: ${input} }\n    outputs: { o: .txt }\n${more}`;

test('a shell step takes the files that match a pattern', () => {
  const input = (text: string) => valid(shell(text)).steps[0]?.inputs.i;
  expect(input('{ files: "src/**/*.{ts,js}" }')).toEqual({
    kind: 'files',
    pattern: 'src/**/*.{ts,js}',
    except: [],
    at: 'pipeline.yaml:5',
  });
  expect(input('{ files: "src/**", except: "**/*.test.ts" }')).toMatchObject({ except: ['**/*.test.ts'] });
  expect(input('{ files: "src/**", except: [a, b] }')).toMatchObject({ except: ['a', 'b'] });
  const ofEach = valid(shell('{ files: "{recording}/*" }', '    each: recording\n'));
  expect(ofEach.steps[0]?.inputs.i).toMatchObject({ pattern: '{recording}/*' });
});

test('a wrong pattern is reported in its place', () => {
  const wrong = (input: string) => mistakes(shell(input)).split('\n\n').slice(0, -1).join('\n');
  expect(
    [
      '{ files: "/src/*" }',
      '{ files: "../src/*" }',
      '{ files: "a/../src/*" }',
      '{ files: src/ }',
      '{ files: "src/**.ts" }',
      '{ files: "{a/b,c}/*.ts" }',
      '{ files: "{record}/*.ts" }',
      '{ files: "{recording}/*.ts" }',
      '{ files: "src/*", except: "src\\\\*" }',
      '{ files: "src/*", except: 7 }',
      '{ files: "src/*", file: a }',
      '{ file: a, except: b }',
    ]
      .map(wrong)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:5:27: the path is not relative to the pipeline
            inputs: { i: { files: "/src/*" } }
                                  ~~~~~~~~
      write it from the pipeline's folder on, such as data/x.raw
    pipeline.yaml:5:27: the path leaves the pipeline's folder
            inputs: { i: { files: "../src/*" } }
                                  ~~~~~~~~~~
      move or link the file into the folder
    pipeline.yaml:5:27: a pattern has no '..'
            inputs: { i: { files: "a/../src/*" } }
                                  ~~~~~~~~~~~~
      write the path without it
    pipeline.yaml:5:27: the pattern names a folder
            inputs: { i: { files: src/ } }
                                  ~~~~
      for all files in it write src/**
    pipeline.yaml:5:27: in '**.ts', '**' stands beside other characters
            inputs: { i: { files: "src/**.ts" } }
                                  ~~~~~~~~~~~
      write **/*.ts
    pipeline.yaml:5:27: braces in a pattern hold no '/'
            inputs: { i: { files: "{a/b,c}/*.ts" } }
                                  ~~~~~~~~~~~~~~
      write the alternatives within a name, such as *.{ts,js}
    pipeline.yaml:5:28: '{record}' is no placeholder
            inputs: { i: { files: "{record}/*.ts" } }
                                   ~~~~~~~~
      did you mean '{recording}'?
    pipeline.yaml:5:28: step 's' runs once, so there is no recording to fill in
            inputs: { i: { files: "{recording}/*.ts" } }
                                   ~~~~~~~~~~~
      add 'each: recording' to step 's'
    pipeline.yaml:5:44: the path holds a backslash
            inputs: { i: { files: "src/*", except: "src\\\\*" } }
                                                   ~~~~~~~~
      separate folders by '/'
    pipeline.yaml:5:44: 'except' is a pattern, such as **/*.test.ts, or a list of patterns
            inputs: { i: { files: "src/*", except: 7 } }
                                                   ~
    pipeline.yaml:5:15: an input in { } has one of 'file', 'files' and 'from'
            inputs: { i: { files: "src/*", file: a } }
                      ~
    pipeline.yaml:4:26: input 'i' is one file, not a list
            shell: "x {inputs.i} {inputs.i.list} > {outputs.o}"
                                 ~~~~~~~~~~~~~~~
      write {inputs.i}
    pipeline.yaml:5:29: 'except' goes only with 'files'
            inputs: { i: { file: a, except: b } }
                                    ~~~~~~"
  `);
});

test('only a shell step takes files by a pattern', () => {
  const text = steps('  p: { uses: ./page.ts, inputs: { picture: { files: "*.svg" } } }\n');
  expect(mistakes(text)).toMatchInlineSnapshot(`
    "pipeline.yaml:11:53: input 'picture' takes a file, and only a shell step takes files by a pattern
          p: { uses: ./page.ts, inputs: { picture: { files: "*.svg" } } }
                                                            ~~~~~~~
      let a shell step gather them into a folder or a file

    1 mistake"
  `);
});
