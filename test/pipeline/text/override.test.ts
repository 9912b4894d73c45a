import { describe, expect, test } from 'vitest';
import { detect, each, mistakes, steps, unzip, valid } from '../check/mistakes.ts';

const text = `${steps(`    params: { half_width: 9 }
`)}profiles:
  quick:
    each: { recording: [r9] }
    steps:
      detect:
        params: { mad_multiplier: 6, half_width: null }
  alone: { steps: { detect: null } }
`;

const params = (overrides: Parameters<typeof valid>[1]) => valid(text, overrides).steps[1]?.params;
const positions = (overrides: Parameters<typeof valid>[1]) => valid(text, overrides).steps[1]?.positions;

describe('--profile', () => {
  test('--profile merges into the pipeline, and null removes a field', () => {
    expect(params({ profile: 'quick' })).toMatchObject({ mad_multiplier: 6, half_width: 10 });
    expect(valid(text, { profile: 'quick' }).recordings).toEqual(['r9']);
    expect(valid(text, { profile: 'alone' }).steps.map(({ name }) => name)).toEqual(['unzip']);
    expect(positions({ profile: 'quick' })).toEqual({ mad_multiplier: 'pipeline.yaml:17' });
  });

  test('--profile reports an unknown profile', () => {
    expect(mistakes(text, { profile: 'quik' })).toMatchInlineSnapshot(`
      "--profile: there is no profile 'quik'
          quik
          ~~~~
        did you mean 'quick'?

      1 mistake"
    `);
    expect(mistakes(steps(''), { profile: 'quick' })).toMatchInlineSnapshot(`
      "--profile: there is no profile 'quick'
          quick
          ~~~~~
        the pipeline has no 'profiles'

      1 mistake"
    `);
  });

  test('mistakes in the chosen profile are reported in the file, mistakes in other profiles are not', () => {
    const wrong = `${steps('')}profiles: { fast: { steps: { detect: { retries: many } } }, other: { stepz: 1 } }\n`;
    expect(mistakes(wrong)).toBe('none');
    expect(mistakes(wrong, { profile: 'fast' })).toMatchInlineSnapshot(`
      "pipeline.yaml:11:49: 'retries' must be a whole number of 0 or more
          profiles: { fast: { steps: { detect: { retries: many } } }, other: { stepz: 1 } }
                                                          ~~~~

      1 mistake"
    `);
  });

  test('--profile reports a profile that is not a map', () => {
    expect(mistakes(`${steps('')}profiles: { fast: 3 }\n`, { profile: 'fast' })).toMatchInlineSnapshot(`
      "pipeline.yaml:11:19: 'fast' must be a map of names and values
          profiles: { fast: 3 }
                            ~

      1 mistake"
    `);
  });
});

describe('--each', () => {
  test('--each replaces the recordings of the pipeline and of a profile', () => {
    expect(valid(text, { each: 'recording=x, y,20160415' }).recordings).toEqual(['x', 'y', '20160415']);
    expect(valid(text, { profile: 'quick', each: 'recording=x' }).recordings).toEqual(['x']);
    expect(valid(`steps:\n${unzip}`, { each: 'recording=x' }).recordings).toEqual(['x']);
  });

  test('mistakes in --each are reported', () => {
    expect(mistakes(text, { each: 'recoring=a' })).toMatchInlineSnapshot(`
      "--each: this must be 'recording=' and the names
          recoring=a
          ~~~~~~~~
        for example --each recording=a,b

      1 mistake"
    `);
    expect(mistakes(text, { each: 'a,b' })).toMatchInlineSnapshot(`
      "--each: this must be 'recording=' and the names
          a,b
          ~~~
        for example --each recording=a,b

      1 mistake"
    `);
    expect(mistakes(text, { each: 'recording=a,,b' })).toMatchInlineSnapshot(`
      "--each: a recording has no name here
          recording=a,,b
                      ~
        write recording=a,b

      1 mistake"
    `);
    expect(mistakes(text, { each: 'recording=../../etc' })).toMatchInlineSnapshot(`
      "--each: a recording's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100
          recording=../../etc
                    ~~~~~~~~~

      1 mistake"
    `);
    expect(mistakes(text, { each: 'recording=a,a' })).toMatchInlineSnapshot(`
      "--each: recording 'a' is listed twice
          recording=a,a
                      ~
        --each: first written here
            recording=a,a
                      ~

      1 mistake"
    `);
  });
});

describe('--set', () => {
  test('--set reads its value as YAML, is applied after the profile, and the last value wins', () => {
    const set = [
      'detect.mad_multiplier=7',
      'detect.mad_multiplier=7.5',
      'detect.window={before: 3, after: 4}',
      'detect.label="a=b"',
    ];
    expect(params({ set, profile: 'quick' })).toMatchObject({
      mad_multiplier: 7.5,
      window: { before: 3, after: 4 },
      label: 'a=b',
    });
    expect(positions({ set })).toEqual({
      half_width: 'pipeline.yaml:11',
      mad_multiplier: '--set',
      window: '--set',
      label: '--set',
    });
  });

  test('--set finds a step with dots in its name', () => {
    const dotted = `${each}steps:\n${unzip}${detect.replace('detect:', 'detect.v2:')}`;
    expect(valid(dotted, { set: ['detect.v2.half_width=3'] }).steps[1]?.params).toMatchObject({ half_width: 3 });
  });

  test('mistakes in --set are reported', () => {
    expect(mistakes(text, { set: ['detetc.half_width=3'] })).toMatchInlineSnapshot(`
      "--set: there is no step 'detetc'
          detetc.half_width=3
          ~~~~~~
        did you mean 'detect'?

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.half_widht=3'] })).toMatchInlineSnapshot(`
      "--set: step 'detect' has no parameter 'half_widht'
          detect.half_widht=3
                 ~~~~~~~~~~
        did you mean 'half_width'?

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.half_width=wide'] })).toMatchInlineSnapshot(`
      "--set: 'half_width' must be a whole number of 1 or more
          detect.half_width=wide
                            ~~~~

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.half_width'] })).toMatchInlineSnapshot(`
      "--set: this must be step.parameter=value
          detect.half_width
          ~~~~~~~~~~~~~~~~~
        for example --set detect.mad_multiplier=7.5

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.=3'] })).toMatchInlineSnapshot(`
      "--set: this must be step.parameter=value
          detect.=3
          ~~~~~~~~~
        for example --set detect.mad_multiplier=7.5

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.half_width='] })).toMatchInlineSnapshot(`
      "--set: no value is given for 'detect.half_width'
          detect.half_width=
          ~~~~~~~~~~~~~~~~~~
        write detect.half_width=null if nothing is meant, or detect.half_width='""'

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.window={before: 3'] })).toMatchInlineSnapshot(`
      "--set: a '{' before here is not closed
          detect.window={before: 3
                                 ~
        close it with '}', and indent what it holds

      1 mistake"
    `);
    expect(mistakes(text, { set: ['detect.__proto__={}'] })).toMatchInlineSnapshot(`
      "--set: '__proto__' cannot be a name
          detect.__proto__={}
                 ~~~~~~~~~

      1 mistake"
    `);
  });

  test('mistakes in --profile, --each and --set are all reported at once', () => {
    const overrides = { profile: 'quik', each: 'recording=', set: ['x.y=1', 'detect.half_width=0'] };
    expect(mistakes(text, overrides)).toMatchInlineSnapshot(`
      "--profile: there is no profile 'quik'
          quik
          ~~~~
        did you mean 'quick'?

      --each: a recording has no name here
          recording=
                    ~
        write recording=a,b

      --set: there is no step 'x'
          x.y=1
          ~
        steps: unzip, detect

      --set: 'half_width' must be a whole number of 1 or more
          detect.half_width=0
                            ~

      4 mistakes"
    `);
  });
});
