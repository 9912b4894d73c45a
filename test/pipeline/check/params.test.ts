import { expect, test } from 'vitest';
import { mistakes, steps, valid } from './mistakes.ts';

const params = (text: string) => mistakes(steps(`    params: ${text}\n`));

test('unknown parameters are reported, even if the schema does not forbid them', () => {
  expect(params('{ mad_multipler: 8, colour: red }')).toMatchInlineSnapshot(`
    "pipeline.yaml:11:15: step 'detect' has no parameter 'mad_multipler'
            params: { mad_multipler: 8, colour: red }
                      ~~~~~~~~~~~~~
      did you mean 'mad_multiplier'?

    pipeline.yaml:11:33: step 'detect' has no parameter 'colour'
            params: { mad_multipler: 8, colour: red }
                                        ~~~~~~
      it can have: mad_multiplier, half_width, peak_sign, label, count, window

    2 mistakes"
  `);
  expect(params('{ window: { before: 1, aftr: 2 } }')).toMatchInlineSnapshot(`
    "pipeline.yaml:11:36: 'window' has no 'aftr'
            params: { window: { before: 1, aftr: 2 } }
                                           ~~~~
      did you mean 'after'?

    1 mistake"
  `);
});

test('parameters of the wrong form are reported', () => {
  expect(
    params('{ mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }'),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:11:31: 'mad_multiplier' must be a number greater than 0
            params: { mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }
                                      ~

    pipeline.yaml:11:46: 'half_width' must be a whole number of 1 or more
            params: { mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }
                                                     ~~~

    pipeline.yaml:11:62: 'peak_sign' must be '-', '+' or 'negative'
            params: { mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }
                                                                     ~~~~~~~
      did you mean 'negative'?

    pipeline.yaml:11:78: 'label' must be text
            params: { mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }
                                                                                     ~
      put it in quotes: "3"

    pipeline.yaml:11:88: 'count' must be a whole number of 1 or more or 'all'
            params: { mad_multiplier: 0, half_width: 2.5, peak_sign: negativ, label: 3, count: some }
                                                                                               ~~~~

    5 mistakes"
  `);
  expect(params('{ mad_multiplier: "8", count: 0, window: 3 }')).toMatchInlineSnapshot(`
    "pipeline.yaml:11:31: 'mad_multiplier' must be a number greater than 0
            params: { mad_multiplier: "8", count: 0, window: 3 }
                                      ~~~
      write it without quotes: 8

    pipeline.yaml:11:43: 'count' must be a whole number of 1 or more or 'all'
            params: { mad_multiplier: "8", count: 0, window: 3 }
                                                  ~

    pipeline.yaml:11:54: 'window' must be a map of names and values
            params: { mad_multiplier: "8", count: 0, window: 3 }
                                                             ~

    3 mistakes"
  `);
  expect(params('[8]')).toMatchInlineSnapshot(`
    "pipeline.yaml:11:5: 'params' must be a map of names and values
            params: [8]
            ~~~~~~

    1 mistake"
  `);
});

test('a missing parameter without default is reported, but not if its name is misspelt', () => {
  const verdict = (text: string) =>
    mistakes(
      steps(
        `  x:\n    uses: ./verdict.ts\n    each: recording\n    inputs: { peaks: detect.peaks, triggers: unzip.mea }\n${text}`,
      ),
    );
  expect(verdict('    params: { recording: "{recording}" }\n')).toBe('none');
  expect(verdict('')).toMatchInlineSnapshot(`
    "pipeline.yaml:11:3: step 'x' needs parameter 'recording'
          x:
          ~
      it must be text

    1 mistake"
  `);
  expect(verdict('    params: { recordin: x }\n')).toMatchInlineSnapshot(`
    "pipeline.yaml:15:15: step 'x' has no parameter 'recordin'
            params: { recordin: x }
                      ~~~~~~~~
      did you mean 'recording'?

    1 mistake"
  `);
});

test('each step gets its own copy of the defaults of its task', () => {
  const two = valid(
    steps(
      '  again:\n    uses: ./detect.ts\n    each: recording\n    inputs: { juxta: unzip.juxta, info: unzip.info }\n',
    ),
  );
  expect(two.steps[1]?.params).toEqual(two.steps[2]?.params);
  expect(two.steps[1]?.params.window).not.toBe(two.steps[2]?.params.window);
});
