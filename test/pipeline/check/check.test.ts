import { describe, expect, test } from 'vitest';
import { detect, each, mistakes, steps, unzip, valid } from './mistakes.ts';

const withInputs = (text: string) =>
  mistakes(steps(`  x:\n    uses: ./detect.ts\n    each: recording\n    inputs: ${text}\n`));

describe('a valid pipeline', () => {
  test('a valid pipeline is plain data', () => {
    const pipeline = valid(
      `name: mine\n${steps('    params:\n      mad_multiplier: 6\n      label: "{recording}!"\n    timeout: 60\n    retries: 2\n')}`,
    );
    expect(JSON.parse(JSON.stringify(pipeline))).toEqual(pipeline);
    expect(pipeline).toMatchObject({ name: 'mine', recordings: ['r1', 'r2'] });
    expect(pipeline.steps[0]).toMatchObject({
      name: 'unzip',
      task: { kind: 'module', uses: './unzip.ts' },
      each: true,
      inputs: { archive: { kind: 'file', path: 'data/{recording}.tar.gz' } },
      params: {},
      timeout: null,
      retries: 0,
      positions: {},
    });
    expect(pipeline.steps[1]).toMatchObject({
      inputs: { juxta: { kind: 'port', step: 'unzip', port: 'juxta', gathered: false, partial: false } },
      timeout: 60,
      retries: 2,
      positions: { mad_multiplier: 'pipeline.yaml:13', label: 'pipeline.yaml:14' },
    });
    expect(Object.entries(pipeline.steps[1]?.params ?? {})).toEqual([
      ['mad_multiplier', 6],
      ['half_width', 10],
      ['peak_sign', '-'],
      ['label', '{recording}!'],
      ['count', 150],
      ['window', { before: 45, after: 60 }],
    ]);
  });

  test('a pipeline without a name is named after its file, and has no recordings if no step uses them', () => {
    expect(valid('each: { recording: [a] }\nsteps: { x: { shell: "true" } }\n')).toMatchObject({
      name: 'pipeline',
      recordings: [],
    });
  });

  test('a step may be named constructor', () => {
    const text = `${each}steps:\n${unzip.replace('unzip:', 'constructor:')}${detect.replaceAll('unzip', 'constructor')}`;
    expect(valid(text).steps.map(({ name }) => name)).toEqual(['constructor', 'detect']);
  });

  test('a step may be written before the steps that it needs', () => {
    expect(mistakes(`${each}steps:\n${detect}${unzip}`)).toBe('none');
  });
});

describe('references', () => {
  test('references to unknown steps, outputs and inputs are reported', () => {
    expect(withInputs('{ juxta: unzp.juxta, info: unzip.inof, trigers: unzip.triggers }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: there is no step 'unzp'
              inputs: { juxta: unzp.juxta, info: unzip.inof, trigers: unzip.triggers }
                               ~~~~
        did you mean 'unzip'?

      pipeline.yaml:14:46: step 'unzip' has no output 'inof'
              inputs: { juxta: unzp.juxta, info: unzip.inof, trigers: unzip.triggers }
                                                       ~~~~
        did you mean 'info'?

      pipeline.yaml:14:52: step 'x' has no input 'trigers'
              inputs: { juxta: unzp.juxta, info: unzip.inof, trigers: unzip.triggers }
                                                             ~~~~~~~
        did you mean 'triggers'?

      3 mistakes"
    `);
    expect(withInputs('{ juxta: elsewhere.juxta, info: unzip.length }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: there is no step 'elsewhere'
              inputs: { juxta: elsewhere.juxta, info: unzip.length }
                               ~~~~~~~~~
        steps: unzip, detect, x

      pipeline.yaml:14:51: step 'unzip' has no output 'length'
              inputs: { juxta: elsewhere.juxta, info: unzip.length }
                                                            ~~~~~~
        its outputs: mea, juxta, triggers, info, all

      2 mistakes"
    `);
    expect(withInputs('{ juxta: unzip, info: unzip.info }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: 'unzip' is a step, not one of its outputs
              inputs: { juxta: unzip, info: unzip.info }
                               ~~~~~
        its outputs: unzip.mea, unzip.juxta, unzip.triggers, unzip.info, unzip.all

      1 mistake"
    `);
    expect(withInputs('{ juxta: data/x.raw, info: unzip.info }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: there is no step 'data/x'
              inputs: { juxta: data/x.raw, info: unzip.info }
                               ~~~~~~
        for a file of your own write { file: data/x.raw }

      1 mistake"
    `);
    expect(withInputs('{ juxta: juxta, info: "unzip." }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: there is no step 'juxta'
              inputs: { juxta: juxta, info: "unzip." }
                               ~~~~~
        steps: unzip, detect, x

      pipeline.yaml:14:35: 'unzip.' names no output
              inputs: { juxta: juxta, info: "unzip." }
                                            ~~~~~~~~
        outputs: mea, juxta, triggers, info, all

      2 mistakes"
    `);
    expect(withInputs('{ juxta: unzip.juxta, info: unzip.constructor }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:47: step 'unzip' has no output 'constructor'
              inputs: { juxta: unzip.juxta, info: unzip.constructor }
                                                        ~~~~~~~~~~~
        its outputs: mea, juxta, triggers, info, all

      1 mistake"
    `);
  });

  test('missing and unknown inputs are reported', () => {
    expect(withInputs('{ juxta: unzip.juxta }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:5: step 'x' needs input 'info'
              inputs: { juxta: unzip.juxta }
              ~~~~~~
        it takes a table

      1 mistake"
    `);
    expect(mistakes(steps('  x: { uses: ./detect.ts }\n'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:3: step 'x' needs input 'juxta'
            x: { uses: ./detect.ts }
            ~
        it takes a file

      pipeline.yaml:11:3: step 'x' needs input 'info'
            x: { uses: ./detect.ts }
            ~
        it takes a table

      2 mistakes"
    `);
    expect(withInputs('{ juxta: unzip.juxta, info: unzip.info, colour: unzip.info }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:53: step 'x' has no input 'colour'
              inputs: { juxta: unzip.juxta, info: unzip.info, colour: unzip.info }
                                                              ~~~~~~
        its inputs: juxta, info, triggers

      1 mistake"
    `);
    expect(withInputs('{ juxtra: unzip.juxta, info: unzip.info }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:15: step 'x' has no input 'juxtra'
              inputs: { juxtra: unzip.juxta, info: unzip.info }
                        ~~~~~~
        did you mean 'juxta'?

      1 mistake"
    `);
  });

  test('an optional input may be left out', () => {
    expect(withInputs('{ juxta: unzip.juxta, info: unzip.info }')).toBe('none');
    expect(withInputs('{ juxta: unzip.juxta, info: unzip.info, triggers: unzip.triggers }')).toBe('none');
  });
});

describe('kinds', () => {
  test('an output of another kind than the input is reported', () => {
    expect(withInputs('{ juxta: unzip.info, info: unzip.mea }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: input 'juxta' takes a file, but 'unzip.info' is a table
              inputs: { juxta: unzip.info, info: unzip.mea }
                               ~~~~~~~~~~

      pipeline.yaml:14:40: input 'info' takes a table, but 'unzip.mea' is a file (.raw)
              inputs: { juxta: unzip.info, info: unzip.mea }
                                                 ~~~~~~~~~

      2 mistakes"
    `);
    expect(withInputs('{ juxta: unzip.all, info: detect.picture }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:22: input 'juxta' takes a file, but 'unzip.all' is a folder
              inputs: { juxta: unzip.all, info: detect.picture }
                               ~~~~~~~~~

      pipeline.yaml:14:39: input 'info' takes a table, but 'detect.picture' is a figure
              inputs: { juxta: unzip.all, info: detect.picture }
                                                ~~~~~~~~~~~~~~

      2 mistakes"
    `);
  });

  test("a figure fits a file input, and a user's file fits a file or a table", () => {
    expect(mistakes(steps('  x: { uses: ./page.ts, each: recording, inputs: { picture: detect.picture } }\n'))).toBe(
      'none',
    );
    expect(withInputs('{ juxta: { file: a.raw }, info: { file: info.arrow } }')).toBe('none');
  });

  test('an .arrow file of a command fits a table, other files do not', () => {
    const shell = (extension: string) =>
      `  s: { shell: "x {outputs.info}", each: recording, outputs: { info: ${extension} } }\n` +
      '  x: { uses: ./detect.ts, each: recording, inputs: { juxta: unzip.juxta, info: s.info } }\n';
    expect(mistakes(steps(shell('.arrow')))).toBe('none');
    expect(mistakes(steps(shell('.csv')))).toMatchInlineSnapshot(`
      "pipeline.yaml:12:80: input 'info' takes a table, but 's.info' is a file (.csv)
            x: { uses: ./detect.ts, each: recording, inputs: { juxta: unzip.juxta, info: s.info } }
                                                                                         ~~~~~~

      1 mistake"
    `);
  });

  test('tables with missing or different columns are reported', () => {
    const histogram = '  x: { uses: ./histogram.ts, each: recording, inputs: { peaks: detect.peaks } }\n';
    expect(mistakes(steps(histogram))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:64: the table 'detect.peaks' does not fit input 'peaks'
            x: { uses: ./histogram.ts, each: recording, inputs: { peaks: detect.peaks } }
                                                                         ~~~~~~~~~~~~
        column 'sample_index' is int64, not int32; column 'time' is in s, not in ms; column 'amplitude' may have missing values; column 'width' (float64) is missing

      1 mistake"
    `);
  });

  test('an optional output at an input that needs it is reported', () => {
    const verdict =
      '  x:\n    uses: ./verdict.ts\n    each: recording\n    params: { recording: "{recording}" }\n' +
      '    inputs: { peaks: detect.peaks, triggers: unzip.triggers }\n';
    expect(mistakes(steps(verdict))).toMatchInlineSnapshot(`
      "pipeline.yaml:15:46: 'unzip.triggers' may be missing, but input 'triggers' needs it
              inputs: { peaks: detect.peaks, triggers: unzip.triggers }
                                                       ~~~~~~~~~~~~~~
        declare the input as optional in its task, or the output as never missing

      1 mistake"
    `);
  });
});

describe('each and gathering', () => {
  const summary = (inputs: string, more = '') =>
    mistakes(steps(`  summary:\n    uses: ./summary.ts\n    inputs: ${inputs}\n${more}`));

  test('a step that runs once gathers the outputs of all recordings', () => {
    expect(summary('{ verdicts: unzip.info }')).toBe('none');
    expect(summary('{ verdicts: { from: unzip.info, partial: true } }')).toBe('none');
    const { steps: found } = valid(
      steps('  summary: { uses: ./summary.ts, inputs: { verdicts: { from: unzip.info, partial: true } } }\n'),
    );
    expect(found[2]?.inputs).toEqual({
      verdicts: { kind: 'port', step: 'unzip', port: 'info', gathered: true, partial: true },
    });
  });

  test('a step that gathers cannot run for each recording', () => {
    expect(summary('{ verdicts: unzip.info }', '    each: recording\n')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:11: input 'verdicts' gathers all recordings, so step 'summary' cannot run for each
              each: recording
                    ~~~~~~~~~
        remove 'each' from this step

      1 mistake"
    `);
  });

  test('an input with nothing to gather is reported', () => {
    expect(summary('{ verdicts: { file: a.arrow } }')).toMatchInlineSnapshot(`
      "pipeline.yaml:13:33: input 'verdicts' gathers an output of all recordings and takes no single file
              inputs: { verdicts: { file: a.arrow } }
                                          ~~~~~~~
        connect it to the output of a step: verdicts: step.port

      1 mistake"
    `);
    expect(
      summary('{ verdicts: unzip.info }', '  again: { uses: ./summary.ts, inputs: { verdicts: summary.table } }\n'),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:14:52: input 'verdicts' gathers all recordings, but step 'summary' runs once
            again: { uses: ./summary.ts, inputs: { verdicts: summary.table } }
                                                             ~~~~~~~~~~~~~
        connect it to a step that runs for each recording
        pipeline.yaml:11:3: step 'summary' has no 'each'
              summary:
              ~~~~~~~

      1 mistake"
    `);
    expect(withInputs('{ juxta: { from: unzip.juxta, partial: true }, info: unzip.info }')).toMatchInlineSnapshot(`
      "pipeline.yaml:14:43: input 'juxta' gathers nothing, so 'partial' has no meaning here
              inputs: { juxta: { from: unzip.juxta, partial: true }, info: unzip.info }
                                                    ~~~~~~~
        remove 'partial'

      1 mistake"
    `);
  });

  test('a step that lacks each is reported as a single mistake', () => {
    const text = `${each}steps:\n${unzip}  detect:
    uses: ./detect.ts
    inputs: { juxta: unzip.juxta, info: unzip.info, triggers: { file: "{recording}.npy" } }
    params: { label: "of {recording}" }
`;
    expect(mistakes(text)).toMatchInlineSnapshot(`
      "pipeline.yaml:9:22: input 'juxta' takes a file, but step 'unzip' makes one for each recording
              inputs: { juxta: unzip.juxta, info: unzip.info, triggers: { file: "{recording}.npy" } }
                               ~~~~~~~~~~~
        add 'each: recording' to step 'detect'
        pipeline.yaml:9:41: input 'info' takes a table, but step 'unzip' makes one for each recording
                inputs: { juxta: unzip.juxta, info: unzip.info, triggers: { file: "{recording}.npy" } }
                                                    ~~~~~~~~~~
        pipeline.yaml:9:72: step 'detect' runs once, so there is no recording to fill in
                inputs: { juxta: unzip.juxta, info: unzip.info, triggers: { file: "{recording}.npy" } }
                                                                                   ~~~~~~~~~~~
        pipeline.yaml:10:26: step 'detect' runs once, so there is no recording to fill in
                params: { label: "of {recording}" }
                                     ~~~~~~~~~~~

      1 mistake"
    `);
  });

  test('{recording} in a step that runs once is reported', () => {
    expect(mistakes('steps:\n  x: { shell: "echo {recording}" }\n')).toMatchInlineSnapshot(`
      "pipeline.yaml:2:21: step 'x' runs once, so there is no recording to fill in
            x: { shell: "echo {recording}" }
                              ~~~~~~~~~~~
        add 'each: recording' to step 'x'

      1 mistake"
    `);
  });

  test('a missing or empty list of recordings is reported', () => {
    expect(mistakes(`steps:\n${unzip}${detect}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:4:11: the pipeline lists no recordings
              each: recording
                    ~~~~~~~~~
        list them at the top, for example: each: { recording: [a, b] }

      1 mistake"
    `);
    expect(mistakes(`each: { recording: [] }\nsteps:\n${unzip}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:1:20: the list of recordings is empty
          each: { recording: [] }
                             ~~
        list them at the top, for example: each: { recording: [a, b] }

      1 mistake"
    `);
  });
});

describe('names', () => {
  test('names that are equal or differ only in capitals are reported', () => {
    expect(mistakes(`each: { recording: [a, b, a] }\nsteps:\n${unzip}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:1:27: recording 'a' is listed twice
          each: { recording: [a, b, a] }
                                    ~
        pipeline.yaml:1:21: first written here
            each: { recording: [a, b, a] }
                                ~

      1 mistake"
    `);
    const outputs = 'steps:\n  s: { shell: "date > {outputs.o}; date > {outputs.O}", outputs: { o: .txt, O: .txt } }\n';
    expect(mistakes(outputs)).toContain("outputs 'o' and 'O' differ only in capitals");
    expect(mistakes(outputs)).toContain('rename one: some systems would give both the same file');
    expect(mistakes(`each: { recording: [patch, Patch] }\nsteps:\n${unzip}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:1:28: recordings 'patch' and 'Patch' differ only in capitals
          each: { recording: [patch, Patch] }
                                     ~~~~~
        rename one: some systems would give both the same folder
        pipeline.yaml:1:21: first written here
            each: { recording: [patch, Patch] }
                                ~~~~~

      1 mistake"
    `);
    expect(mistakes(steps(unzip.replace('unzip', 'Unzip')))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:3: steps 'unzip' and 'Unzip' differ only in capitals
            Unzip:
            ~~~~~
        rename one: some systems would give both the same folder
        pipeline.yaml:3:3: first written here
              unzip:
              ~~~~~

      1 mistake"
    `);
  });
});

describe('task modules', () => {
  test('each task module that cannot be used is reported once', () => {
    expect(
      mistakes(steps('  x: { uses: ./lost.ts }\n  y: { uses: ./lost.ts, inputs: { a: x.anything } }\n')),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:11:14: task './lost.ts' cannot be used: there is no file lost.ts
            x: { uses: ./lost.ts }
                       ~~~~~~~~~

      1 mistake"
    `);
    expect(mistakes(steps('  x: { uses: tasks/detect.ts }\n'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:14: task 'tasks/detect.ts' cannot be used: there is no package 'tasks'
            x: { uses: tasks/detect.ts }
                       ~~~~~~~~~~~~~~~
        for a file of this project write ./tasks/detect.ts

      1 mistake"
    `);
    expect(mistakes(steps('  x: { uses: ./wrong.ts }\n'))).toMatchInlineSnapshot(`
      "pipeline.yaml:11:14: the task's parameters are declared wrongly: strict mode: unknown keyword: "minimun"
            x: { uses: ./wrong.ts }
                       ~~~~~~~~~~

      1 mistake"
    `);
  });
});

describe('paths', () => {
  const path = (text: string) =>
    mistakes(`${each}steps:\n  unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: ${text} } } }\n`);

  test.each(['a.tar.gz', './a/../b.tar.gz', '"data/{recording}.tar.gz"', '"with space é.gz"', 'a..b/...'])(
    'the path %s is accepted',
    (text) => {
      expect(path(text)).toBe('none');
    },
  );

  test('paths outside the folder, absolute paths and addresses are refused', () => {
    expect(path('/etc/passwd')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path is not relative to the pipeline
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: /etc/passwd } } }
                                                                                   ~~~~~~~~~~~
        write it from the pipeline's folder on, such as data/x.raw

      1 mistake"
    `);
    expect(path('data/../../secret')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path leaves the pipeline's folder
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: data/../../secret } } }
                                                                                   ~~~~~~~~~~~~~~~~~
        move or link the file into the folder

      1 mistake"
    `);
    expect(path('~/data/x.gz')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path is not relative to the pipeline
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: ~/data/x.gz } } }
                                                                                   ~~~~~~~~~~~
        write it from the pipeline's folder on, such as data/x.raw

      1 mistake"
    `);
    expect(path('C:/data/x.gz')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path is not relative to the pipeline
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: C:/data/x.gz } } }
                                                                                   ~~~~~~~~~~~~
        write it from the pipeline's folder on, such as data/x.raw

      1 mistake"
    `);
    expect(path("'data\\x.gz'")).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path holds a backslash
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: 'data\\x.gz' } } }
                                                                                   ~~~~~~~~~~~
        separate folders by '/'

      1 mistake"
    `);
    expect(path('https://zenodo.org/x.gz')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: a file is wanted, not an address
          …nzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: https://zenodo.org/x.gz } } }
                                                                                 ~~~~~~~~~~~~~~~~~~~~~~~
        download it into the folder first

      1 mistake"
    `);
    expect(path('"a\\0b"')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:74: the path holds a control character
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: "a\\0b" } } }
                                                                                   ~~~~~~
        remove it

      1 mistake"
    `);
    expect(path('"data/{recoring}.gz"')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:80: '{recoring}' is no placeholder
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: "data/{recoring}.gz" } } }
                                                                                         ~~~~~~~~~~
        did you mean '{recording}'?

      1 mistake"
    `);
    expect(path('"data/{name}.gz"')).toMatchInlineSnapshot(`
      "pipeline.yaml:3:80: '{name}' is no placeholder
            unzip: { uses: ./unzip.ts, each: recording, inputs: { archive: { file: "data/{name}.gz" } } }
                                                                                         ~~~~~~
        a path can hold: {recording}

      1 mistake"
    `);
  });
});

describe('circles', () => {
  test('a circle of steps is reported with its whole trail', () => {
    const step = (name: string, from: string) => `  ${name}: { uses: ./page.ts, inputs: { picture: ${from}.page } }\n`;
    expect(
      mistakes(`steps:\n${step('a', 'b')}${step('b', 'c')}${step('c', 'a')}${step('d', 'a')}`),
    ).toMatchInlineSnapshot(`
      "pipeline.yaml:2:44: the steps go round in a circle: a -> c -> b -> a
            a: { uses: ./page.ts, inputs: { picture: b.page } }
                                                     ~~~~~~
        a step cannot need its own result: take one of these inputs from elsewhere
        pipeline.yaml:3:44: 'b' takes 'c.page'
              b: { uses: ./page.ts, inputs: { picture: c.page } }
                                                       ~~~~~~
        pipeline.yaml:4:44: 'c' takes 'a.page'
              c: { uses: ./page.ts, inputs: { picture: a.page } }
                                                       ~~~~~~

      1 mistake"
    `);
    expect(mistakes(`steps:\n${step('a', 'a')}`)).toMatchInlineSnapshot(`
      "pipeline.yaml:2:44: the steps go round in a circle: a -> a
            a: { uses: ./page.ts, inputs: { picture: a.page } }
                                                     ~~~~~~
        a step cannot need its own result: take one of these inputs from elsewhere

      1 mistake"
    `);
  });
});

test('mistakes of all kinds are reported at once', () => {
  expect(
    mistakes(
      `${each}steps:\n${unzip}  detect:
    uses: ./detect.ts
    each: recording
    retries: -1
    inputs: { juxta: unzip.juxtra, info: unzip.info }
    params: { mad_multiplyer: 8, half_width: 0 }
  page: { uses: ./page.ts, inputs: { picture: { file: /a.svg } }, timeout: soon }
`,
      { set: ['detect.count=none'] },
    ),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:10:14: 'retries' must be a whole number of 0 or more
            retries: -1
                     ~~

    pipeline.yaml:11:28: step 'unzip' has no output 'juxtra'
            inputs: { juxta: unzip.juxtra, info: unzip.info }
                                   ~~~~~~
      did you mean 'juxta'?

    pipeline.yaml:12:15: step 'detect' has no parameter 'mad_multiplyer'
            params: { mad_multiplyer: 8, half_width: 0 }
                      ~~~~~~~~~~~~~~
      did you mean 'mad_multiplier'?

    pipeline.yaml:12:46: 'half_width' must be a whole number of 1 or more
            params: { mad_multiplyer: 8, half_width: 0 }
                                                     ~

    pipeline.yaml:13:55: the path is not relative to the pipeline
          page: { uses: ./page.ts, inputs: { picture: { file: /a.svg } }, timeout: soon }
                                                              ~~~~~~
      write it from the pipeline's folder on, such as data/x.raw

    pipeline.yaml:13:76: 'timeout' must be a number greater than 0
          page: { uses: ./page.ts, inputs: { picture: { file: /a.svg } }, timeout: soon }
                                                                                   ~~~~

    --set: 'count' must be a whole number of 1 or more or 'all'
        detect.count=none
                     ~~~~

    7 mistakes"
  `);
});
