import { expect, test } from 'vitest';
import { mistakes, steps, valid } from './mistakes.ts';

const shell = (outputs: string) => `steps:\n  s:\n    shell: "x > {outputs.o}"\n    outputs:\n      o: ${outputs}\n`;

const outputOf = (outputs: string) => valid(shell(outputs)).steps[0]?.interface.outputs.o;

test('a shell step declares files, folders and tables', () => {
  expect(outputOf('.txt')).toEqual({ kind: 'file', extension: '.txt' });
  expect(outputOf('{ file: .txt }')).toEqual({ kind: 'file', extension: '.txt' });
  expect(outputOf('{ file: .txt, optional: true }')).toEqual({ kind: 'file', extension: '.txt', optional: true });
  expect(outputOf('{ folder: true }')).toEqual({ kind: 'folder' });
  const column = { type: 'float64', unit: 's', nullable: true, description: 'When.' };
  const table = `{ time: ${JSON.stringify(column)}, name: { type: utf8 } }`;
  const columns = { time: column, name: { type: 'utf8', description: '' } };
  expect(outputOf(`{ table: ${table}, description: A spike. }`)).toEqual({
    kind: 'table',
    table: { description: 'A spike.', columns },
  });
  expect(outputOf(`{ table: ${table}, from: arrow }`)).toEqual({ kind: 'table', table: { description: '', columns } });
  expect(outputOf(`{ table: ${table}, from: csv, optional: true }`)).toMatchObject({ from: 'csv', optional: true });
});

test('a wrong declaration of an output is reported in its place', () => {
  expect(
    mistakes(shell('{ table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }')),
  ).toMatchInlineSnapshot(`
    "pipeline.yaml:5:35: 'type' must be 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64', 'date', 'timestamp', 'bool', 'utf8', 'binary' or 'list'
              o: { table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }
                                          ~~~~~~~
      did you mean 'float64'?

    pipeline.yaml:5:48: 'of' is the type of a list's numbers: it goes only with type: list
              o: { table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }
                                                       ~~~~

    pipeline.yaml:5:56: a column's name may hold only letters, digits and '_', and begins with no digit
              o: { table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }
                                                               ~~~~~

    pipeline.yaml:5:56: '2nd' needs 'type'
              o: { table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }
                                                               ~~~~~
      it must be 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64', 'date', 'timestamp', 'bool', 'utf8', 'binary' or 'list'

    pipeline.yaml:5:69: 'o' has no 'form'
              o: { table: { time: { type: float46, of: int8 }, "2nd": {} }, form: csv }
                                                                            ~~~~
      did you mean 'from'?

    5 mistakes"
  `);
  expect(mistakes(shell('{ file: .txt, folder: true, from: csv }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:7: an output in { } has one of 'file', 'folder' and 'table'
              o: { file: .txt, folder: true, from: csv }
              ~

    1 mistake"
  `);
  expect(mistakes(shell('{ folder: false }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:20: 'folder' can only be true
              o: { folder: false }
                           ~~~~~

    1 mistake"
  `);
  expect(mistakes(shell('{ optional: true }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:7: an output in { } has one of 'file', 'folder' and 'table'
              o: { optional: true }
              ~

    1 mistake"
  `);
  expect(mistakes(shell('{ file: npz }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:18: the file of an output is given by its file name extension, such as .npz
              o: { file: npz }
                         ~~~

    1 mistake"
  `);
  expect(mistakes(shell('{ table: { x: { type: list } }, from: cvs }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:21: 'x' needs 'of'
              o: { table: { x: { type: list } }, from: cvs }
                            ~
      it must be 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32' or 'float64'

    pipeline.yaml:5:48: 'from' must be 'arrow' or 'csv'
              o: { table: { x: { type: list } }, from: cvs }
                                                       ~~~
      did you mean 'csv'?

    2 mistakes"
  `);
  expect(mistakes(shell('{ table: {} }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:12: 'table' holds the columns by name, such as { time: { type: float64, unit: s } }
              o: { table: {} }
                   ~~~~~

    1 mistake"
  `);
  expect(mistakes(shell('7'))).toMatchInlineSnapshot(`
    "pipeline.yaml:5:10: an output is given by its file name extension, such as .npz, or as { file: .npz }, { folder: true } or { table: { column: { type: float64 } } }
              o: 7
                 ~

    1 mistake"
  `);
});

test('the columns of a table of a shell step must fit the input that takes it', () => {
  const sorted = (columns: string) =>
    steps(`  s: { shell: "x {outputs.peaks}", each: recording, outputs: { peaks: { table: ${columns} } } }
  v: { uses: ./verdict.ts, each: recording, params: { recording: a }, inputs: { peaks: s.peaks, triggers: unzip.mea } }
`);
  expect(
    mistakes(
      sorted('{ sample_index: { type: int64 }, time: { type: float64, unit: s }, amplitude: { type: float32 } }'),
    ),
  ).toBe('none');
  expect(mistakes(sorted('{ time: { type: float64, unit: ms } }'))).toMatchInlineSnapshot(`
    "pipeline.yaml:12:88: the table 's.peaks' does not fit input 'peaks'
        …ct.ts, each: recording, params: { recording: a }, inputs: { peaks: s.peaks, triggers: unzip.mea } }
                                                                            ~~~~~~~
      column 'sample_index' (int64) is missing; column 'time' is in ms, not in s; column 'amplitude' (float32) is missing

    1 mistake"
  `);
});

test('an optional output does not fit an input that must be there', () => {
  const text = `steps:
  s: { shell: "x {outputs.picture}", outputs: { picture: { file: .svg, optional: true } } }
  p: { uses: ./page.ts, inputs: { picture: s.picture } }
`;
  expect(mistakes(text)).toMatchInlineSnapshot(`
    "pipeline.yaml:3:44: 's.picture' may be missing, but input 'picture' needs it
          p: { uses: ./page.ts, inputs: { picture: s.picture } }
                                                   ~~~~~~~~~
      declare the input as optional in its task, or the output as never missing

    1 mistake"
  `);
});
