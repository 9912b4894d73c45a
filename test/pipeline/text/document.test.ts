import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePipeline } from '../../../src/pipeline/check/parse.ts';
import { expand } from '../../../src/pipeline/expand.ts';
import { readYaml } from '../../../src/pipeline/text/document.ts';
import { partOf, type TextNode, toJson } from '../../../src/pipeline/text/node.ts';
import { check, mistakes } from '../check/mistakes.ts';

const read = (text: string) => {
  const { node, diagnostics } = readYaml({ name: 'pipeline.yaml', text });
  return { value: node === null ? undefined : toJson(node), messages: diagnostics.map(({ message }) => message) };
};

describe('readYaml', () => {
  test('YAML values are read by the core schema of YAML 1.2', () => {
    expect(read('{a: 1, b: yes, c: 0o17, d: 0x1F, e: ~, f: true, g: 2016-01-01, h: 1e3, i: -0}').value).toEqual({
      a: 1,
      b: 'yes',
      c: 15,
      d: 31,
      e: null,
      f: true,
      g: '2016-01-01',
      h: 1000,
      i: 0,
    });
  });

  test('YAML names are always text, and << is an ordinary name', () => {
    expect(read('{1: a, true: b, <<: {x: 1}}').value).toEqual({ 1: 'a', true: 'b', '<<': { x: 1 } });
  });

  test('a YAML alias stands for the last anchor of its name', () => {
    expect(read('a: &x 1\nb: *x\nc: &x [2]\nd: *x').value).toEqual({ a: 1, b: 1, c: [2], d: [2] });
  });

  test('readYaml accepts a byte order mark and CRLF', () => {
    expect(read('\uFEFFa: 1\r\nb: 2\r\n')).toEqual({ value: { a: 1, b: 2 }, messages: [] });
  });

  test('readYaml reads JSON to the same values', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const { value: found } = read(JSON.stringify(value));
        // The reader refuses some valid JSON: `__proto__`, control characters, numbers that lose digits.
        fc.pre(found !== undefined && !JSON.stringify(value).includes('__proto__'));
        expect(JSON.stringify(found)).toBe(JSON.stringify(value));
      }),
      { numRuns: 200 },
    );
  });
});

describe('texts that cannot be read', () => {
  const cases: readonly [name: string, text: string][] = [
    ['a name twice', 'name: a\nsteps: {}\nname: b\n'],
    ['a tab', 'steps:\n\tunzip: 1\n'],
    ['an open bracket', 'each: { recording: [a, b }\nsteps: {}\n'],
    ['an open quote', 'name: "x\nsteps: {}\n'],
    ['a tag', 'name: !mine x\n'],
    ['an unknown alias', 'name: &title x\nsteps: *titel\n'],
    ['a list as a name', '? [a]\n: 1\n'],
    ['two documents', 'steps: {}\n---\nsteps: {}\n'],
    ['another version', '%YAML 1.1\n---\nsteps: {}\n'],
    ['a directive', '%HELLO\n---\nsteps: {}\n'],
    ['a second colon', 'name: a: b\n'],
    ['braces without quotes', 'steps:\n  unzip:\n    inputs: { archive: { file: data/{recording}.tar.gz } }\n'],
    ['an odd indentation', 'steps:\n    a: 1\n  b: 2\n'],
    ['a reserved character', 'name: @home\n'],
    ['an escape', 'name: "\\q"\n'],
    ['a list beside its name', 'name: - a\n'],
    ['a missing comma', 'each: { recording: [a] name: x }\n'],
    ['a control character', 'name: a\u0007b\n'],
    ['another encoding', 'name: S\uFFFDrensen\n'],
    ['infinity', 'name: .inf\n'],
    ['too many digits', 'name: 12345678901234567890\n'],
    ['a hostile name', '__proto__: { polluted: true }\nsteps: 1\n'],
    ['deep brackets', `${'['.repeat(5000)}\n`],
    ['deep lists', `steps: ${'['.repeat(65)}${']'.repeat(65)}\n`],
    ['nothing', '# only a comment\n'],
    ['no map', '- unzip\n- detect\n'],
  ];
  test('YAML mistakes are reported in words for readers who do not know the YAML specification', () => {
    const all = cases.map(([name, text]) => `# ${name}\n${mistakes(text).replace(/\n\n1 mistake$/, '')}`);
    // The end of the stack varies by a call or two.
    const report = all.join('\n\n').replace(/\d+(?=: this is nested too deeply)/, 'COLUMN');
    expect(report).toMatchInlineSnapshot(`
      "# a name twice
      pipeline.yaml:2:1: 'steps' must hold at least one step, by name
          steps: {}
          ~~~~~

      pipeline.yaml:3:1: 'name' is written twice
          name: b
          ~~~~
        keep one of them
        pipeline.yaml:1:1: first written here
            name: a
            ~~~~

      2 mistakes

      # a tab
      pipeline.yaml:2:1: a tab cannot indent a line
              unzip: 1
          ~~~~
        use spaces

      # an open bracket
      pipeline.yaml:1:26: a '[' before here is not closed
          each: { recording: [a, b }
                                   ~
        close it with ']', and indent what it holds

      # an open quote
      pipeline.yaml:2:9: the text is not closed with " before here
          steps: {}
                  ~

      # a tag
      pipeline.yaml:1:1: a pipeline needs 'steps'
          name: !mine x
          ~~~~
        'steps' must hold at least one step, by name

      pipeline.yaml:1:7: the tag !mine does not fit here
          name: !mine x
                ~~~~~
        remove the tag

      2 mistakes

      # an unknown alias
      pipeline.yaml:2:8: '*titel' stands for nothing: there is no '&titel' before it
          steps: *titel
                 ~~~~~~
        did you mean 'title'?

      # a list as a name
      pipeline.yaml:1:1: a pipeline needs 'steps'
          ? [a]
          ~
        'steps' must hold at least one step, by name

      pipeline.yaml:1:3: a name must be plain text
          ? [a]
            ~

      2 mistakes

      # two documents
      pipeline.yaml:1:1: 'steps' must hold at least one step, by name
          steps: {}
          ~~~~~

      pipeline.yaml:2:1: a second document starts here
          ---
          ~~~
        one file holds one pipeline

      2 mistakes

      # another version
      pipeline.yaml:1:1: YAML 1.1 is not read here
          %YAML 1.1
          ~~~~~~~~~
        remove the line: YAML 1.2 is meant

      # a directive
      pipeline.yaml:1:1: '%HELLO' is not a directive of YAML 1.2
          %HELLO
          ~~~~~~
        remove the line

      pipeline.yaml:3:1: 'steps' must hold at least one step, by name
          steps: {}
          ~~~~~

      2 mistakes

      # a second colon
      pipeline.yaml:1:7: this value holds a second ':', or the line after it is indented too far
          name: a: b
                ~
        put text that holds ': ' in quotes

      # braces without quotes
      pipeline.yaml:3:37: this does not belong here
              inputs: { archive: { file: data/{recording}.tar.gz } }
                                              ~
        put a value that holds {recording} in quotes

      # an odd indentation
      pipeline.yaml:3:1: this line is not indented like the lines it belongs to
            b: 2
          ~

      # a reserved character
      pipeline.yaml:1:7: a value cannot start with @
          name: @home
                ~
        put the value in quotes

      # an escape
      pipeline.yaml:1:8: '\\q' means nothing in double quotes
          name: "\\q"
                 ~~
        in single quotes a backslash stands for itself

      # a list beside its name
      pipeline.yaml:1:7: a list of '-' items must start on a line of its own
          name: - a
                ~

      # a missing comma
      pipeline.yaml:1:24: this does not belong here
          each: { recording: [a] name: x }
                                 ~~~~
        a comma may be missing before it, or a value needs quotes

      # a control character
      pipeline.yaml:1:8: character U+0007 is not allowed
          name: a�b
                 ~
        save the file as plain text in UTF-8

      # another encoding
      pipeline.yaml:1:8: this is not UTF-8 text
          name: S�rensen
                 ~
        save the file as plain text in UTF-8

      # infinity
      pipeline.yaml:1:1: a pipeline needs 'steps'
          name: .inf
          ~~~~
        'steps' must hold at least one step, by name

      pipeline.yaml:1:7: .inf is not a number that can be kept
          name: .inf
                ~~~~
        write a finite number

      2 mistakes

      # too many digits
      pipeline.yaml:1:1: a pipeline needs 'steps'
          name: 12345678901234567890
          ~~~~
        'steps' must hold at least one step, by name

      pipeline.yaml:1:7: 12345678901234567890 has too many digits for a number
          name: 12345678901234567890
                ~~~~~~~~~~~~~~~~~~~~
        put it in quotes if it is a name: "12345678901234567890"

      2 mistakes

      # a hostile name
      pipeline.yaml:1:1: '__proto__' cannot be a name
          __proto__: { polluted: true }
          ~~~~~~~~~

      pipeline.yaml:2:8: 'steps' must hold at least one step, by name
          steps: 1
                 ~

      2 mistakes

      # deep brackets
      pipeline.yaml:1:COLUMN: this is nested too deeply
          …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
                                                           ~

      # deep lists
      pipeline.yaml:1:1: 'steps' must hold at least one step, by name
          steps: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]…
          ~~~~~

      pipeline.yaml:1:71: this is nested more than 64 levels deep
          …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]…
                                                          ~~~~

      2 mistakes

      # nothing
      pipeline.yaml:1:1: the file holds no pipeline
          # only a comment
          ~
        it needs 'steps'

      # no map
      pipeline.yaml:1:1: the pipeline must be a map of names and values
          - unzip
          ~"
    `);
  });

  test('an alias bomb is reported once', () => {
    const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`);
    }
    expect(read(bomb.join('\n')).messages).toEqual(['aliases stand for too much here']);
  });

  test('a deep tower of shallow aliases is reported once', () => {
    const tower = ['x0: &x0 [1]', ...Array.from({ length: 200 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}]`)];
    expect(read(tower.join('\n')).messages).toEqual(['aliases stand for too much here']);
  });

  test('a document cannot change prototypes', () => {
    read('__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('mistakes after a broken place are not reported', () => {
    expect(read('a: [1\nb: {\nc: "\n').messages).toHaveLength(1);
  });
});

const yamlish = fc.string({
  unit: fc.constantFrom(...'ab:-{}[],&*!|>\'"%@`#?\n \t\r\\<.0~=', 'é', '𝄞'),
  maxLength: 60,
});

test('parsePipeline reports garbage and never throws, and every range lies in its text', () => {
  fc.assert(
    fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
      for (const source of [text, `steps:\n  a:\n    inputs: ${text}`]) {
        const { diagnostics, draft } = parsePipeline({ name: 'p.yaml', text: source }, { set: [text], each: text });
        expect(draft !== null || diagnostics.length > 0).toBe(true);
        for (const { range } of diagnostics) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.start).toBeLessThanOrEqual(range.source.text.length);
        }
      }
    }),
    { numRuns: 400 },
  );
});

const right = `name: p
each: { recording: [a, b] }
steps:
  unzip: &u
    uses: ./unzip.ts
    each: recording
    inputs: { archive: { file: "data/{recording}.gz" } }
  detect:
    uses: ./detect.ts
    each: recording
    inputs: { juxta: unzip.juxta, info: unzip.info }
    params: { count: all, label: "x {recording}", window: { before: 1 } }
  sort:
    shell: "sort '$(x {inputs.mea}' > {outputs.out} {params.k}"
    inputs: { mea: { from: unzip.mea, partial: true } }
    outputs: { out: .txt }
    params: { k: 3 }
    env: { A: "1" }
  summary: { uses: ./summary.ts, inputs: { verdicts: unzip.info }, timeout: 3, retries: 1 }
  copy: *u
profiles: { fast: { steps: { copy: null } } }
`;

test('a damaged pipeline is valid or reported, but never throws', () => {
  const damage = fc.tuple(
    fc.nat(right.length),
    fc.nat(12),
    fc.constantFrom('', '', '', ' ', '\n', ':', '{', '"', 'x', '.', '3', '- ', '*u', '&u ', '~'),
  );
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), fc.boolean(), (damages, fast) => {
      const text = damages.reduce(
        (all, [at, length, insert]) => all.slice(0, at) + insert + all.slice(at + length),
        right,
      );
      const checked = check(text, fast ? { profile: 'fast' } : {});
      if (checked.ok) expect(expand(checked.value).actions.length).toBeGreaterThan(0);
      else expect(mistakes(text, fast ? { profile: 'fast' } : {})).toMatch(/[1-9]\d* mistakes?$/);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['plain', 'a: unzip.juxta', 'juxta'],
  ['quoted', 'a: "unzip.juxta"', 'juxta'],
  ['escaped', 'a: "x\\ty juxta"', 'juxta'],
  ['block', 'a: |\n    x\n    juxta', 'juxta'],
])('partOf finds the range of a part of a %s text', (_, text, part) => {
  const { node } = readYaml({ name: 'p.yaml', text });
  const value = node?.kind === 'map' ? (node.entries.get('a')?.value as TextNode) : undefined;
  if (value === undefined) throw new Error('no value');
  const { start, end } = partOf(value, value.value.indexOf(part), part.length);
  expect(text.slice(start, end)).toBe(part);
});
