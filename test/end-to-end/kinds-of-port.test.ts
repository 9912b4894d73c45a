import { chmodSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeRig } from './rig.ts';
import { copyTask, taskModule } from './task-module.ts';

const lines = (...texts: string[]) => `\n${texts.map((text) => `    ${text}`).join('\n')}`;

describe('folder outputs', () => {
  const project = {
    'pipeline.yaml': `
steps:
  make: { uses: ./make.ts, params: { names: [a.txt, "deep/er/b.txt"], order: 1 } }
  list: { uses: ./list.ts, inputs: { folder: make.files } }
`,
    'make.ts': taskModule(
      lines(
        'for (const name of params.names) {',
        "  const path = outputs.files.path + '/' + name;",
        "  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });",
        '  writeFileSync(path, name);',
        '}',
        "mkdirSync(outputs.files.path + '/empty');",
      ),
      {
        params: "names: { type: 'array', items: { type: 'string' } }, order: { type: 'integer' }",
        outputs: 'files: folder()',
      },
    ),
    'list.ts': taskModule(
      lines(
        'const files = readdirSync(inputs.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());',
        'outputs.out.write(Buffer.from(files.map(({ name }) => name).sort().join()));',
      ),
      { inputs: 'folder: folder()' },
    ),
  };

  test('are stored by content, shown whole, and lose removed files', async () => {
    const rig = makeRig(project);
    expect((await rig.runHere()).executed).toEqual(['list', 'make']);
    expect(rig.read('out/make/files/deep/er/b.txt')).toBe('deep/er/b.txt');
    expect(rig.read('out/list/out.txt')).toBe('a.txt,b.txt');

    // The same files in another order at another time: the same content, so later steps are reused.
    rig.edit('pipeline.yaml', '[a.txt, "deep/er/b.txt"], order: 1', '["deep/er/b.txt", a.txt], order: 2');
    expect((await rig.runHere()).executed).toEqual(['make']);

    rig.edit('pipeline.yaml', '["deep/er/b.txt", a.txt]', '[a.txt, c.txt]');
    expect((await rig.runHere()).executed).toEqual(['list', 'make']);
    expect(readdirSync(rig.path('out/make/files')).sort()).toEqual(['a.txt', 'c.txt', 'empty']);

    // An empty folder is an output too.
    rig.edit('pipeline.yaml', '[a.txt, c.txt]', '[]');
    expect((await rig.runHere()).executed).toEqual(['list', 'make']);
    expect(rig.read('out/list/out.txt')).toBe('');
    expect(readdirSync(rig.path('out/make/files'))).toEqual(['empty']);
    expect((await rig.run()).reused).toEqual(['list', 'make']);
    rig.remove('cache/blobs');
    expect((await rig.runHere('--force', 'list')).executed).toEqual(['list', 'make']);
  });

  test('are made again if the store lost or changed a file in them', async () => {
    const rig = makeRig(project);
    await rig.runHere();
    const blob = readdirSync(rig.path('cache/blobs'), { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('er/b.txt'),
    );
    rig.remove(`cache/blobs/${blob}`);
    const lost = await rig.runHere();
    expect(lost.executed).toEqual(['make']);
    expect(lost.finished('make')).toMatchObject({ why: [{ cause: 'result-lost', port: 'files' }] });
    rig.remove(`cache/blobs/${blob}`);
    rig.write(`cache/blobs/${blob}`, 'deep/er/X.txt');
    expect((await rig.runHere()).executed).toEqual(['make']);
    expect(rig.read(`cache/blobs/${blob}`)).toBe('deep/er/b.txt');
    expect(rig.read('out/make/files/deep/er/b.txt')).toBe('deep/er/b.txt');
  });

  test('of the user are inputs: a new file is noticed at any depth', async () => {
    const rig = makeRig({
      ...project,
      'pipeline.yaml': 'steps:\n  list: { uses: ./list.ts, inputs: { folder: { file: photos } } }\n',
      'photos/deep/a.txt': '',
    });
    await rig.runHere();
    expect((await rig.run()).executed).toEqual([]);
    rig.write('photos/deep/b.txt', '');
    expect((await rig.runHere()).executed).toEqual(['list']);
    expect(rig.read('out/list/out.txt')).toBe('a.txt,b.txt');
    rig.remove('photos/deep/a.txt');
    expect((await rig.runHere()).executed).toEqual(['list']);
    rig.remove('photos');
    rig.write('photos', 'a file now');
    const wrong = await rig.runHere();
    expect(wrong.finished('list')).toMatchObject({ failure: { reason: 'input-kind', expected: 'folder' } });
  });

  test('may contain any file name', async () => {
    const rig = makeRig({
      'pipeline.yaml': `
steps:
  make: { uses: ./make.ts }
  again: { uses: ./again.ts, inputs: { inputs: make.inputs, constructor: make.outputs } }
`,
      'make.ts': taskModule(
        "writeFileSync(outputs.inputs.path + '/x', '1'); outputs.outputs.write(Buffer.from('2'));",
        {
          outputs: "inputs: folder(), outputs: file('.txt')",
        },
      ),
      'again.ts': taskModule(
        lines(
          "writeFileSync(outputs.inputs.path + '/x', readFileSync(inputs.inputs + '/x') + readFileSync(inputs.constructor, 'utf8'));",
          "outputs.toString.write(Buffer.from('3'));",
        ),
        { inputs: 'inputs: folder(), constructor: file()', outputs: "inputs: folder(), toString: file('.txt')" },
      ),
    });
    expect((await rig.runHere()).executed).toEqual(['again', 'make']);
    expect(rig.read('out/again/inputs/x')).toBe('12');
    expect(rig.read('out/again/toString.txt')).toBe('3');
  });

  test('may contain only regular files', async () => {
    const rig = makeRig({
      'pipeline.yaml': 'steps:\n  link: { uses: ./link.ts }\n',
      'link.ts': taskModule(
        lines(
          "const { symlinkSync } = await import('node:fs');",
          "symlinkSync('/etc/hosts', outputs.files.path + '/link');",
        ),
        { outputs: 'files: folder()' },
      ),
    });
    const ran = await rig.runHere();
    expect(ran.finished('link')).toMatchObject({ failure: { reason: 'output-invalid', port: 'files' } });
  });
});

test('an optional output may be written, missing, and written again', async () => {
  const rig = makeRig({
    'pipeline.yaml': `
steps:
  make: { uses: ./make.ts, params: { extra: true } }
  use: { uses: ./use.ts, inputs: { extra: make.extra, folder: make.folder } }
`,
    'make.ts': taskModule(
      lines(
        "if (params.extra) outputs.extra.write(Buffer.from('extra'));",
        "if (params.extra) writeFileSync(outputs.folder.path + '/x', 'x');",
      ),
      {
        params: "extra: { type: 'boolean' }",
        outputs: "extra: file('.txt', { optional: true }), folder: folder({ optional: true })",
      },
    ),
    'use.ts': taskModule(
      "outputs.out.write(Buffer.from((inputs.extra ? readFileSync(inputs.extra, 'utf8') : 'none') + (inputs.folder ? '+' : '-')));",
      { inputs: 'extra: file({ optional: true }), folder: folder({ optional: true })' },
    ),
  });
  await rig.runHere();
  expect(rig.read('out/use/out.txt')).toBe('extra+');
  const without = await rig.runHere('--set', 'make.extra=false');
  expect(without.executed).toEqual(['make', 'use']);
  expect(without.finished('use')).toMatchObject({
    why: [
      { cause: 'input-changed', port: 'extra', source: 'make', to: null },
      { cause: 'input-changed', port: 'folder', source: 'make', to: null },
    ],
  });
  expect(rig.read('out/use/out.txt')).toBe('none-');
  expect(rig.exists('out/make')).toBe(false);
  expect((await rig.run()).executed).toEqual([]);
  expect(rig.read('out/make/extra.txt')).toBe('extra');
});

test('a large output is linked, not copied, and an edit through the link is noticed', async () => {
  const MIB = 1 << 20;
  const rig = makeRig({
    'pipeline.yaml': `
steps:
  make: { uses: ./make.ts }
  copy: { uses: ./copy.ts, inputs: { from: make.small } }
`,
    'make.ts': taskModule(
      lines(
        `const chunk = Buffer.alloc(${MIB}, 'x');`,
        'for (let i = 0; i < 16; i++) outputs.big.write(chunk);',
        `writeFileSync(outputs.small.path, chunk.subarray(0, ${MIB}));`,
      ),
      { outputs: "big: file('.raw'), small: file('.raw')" },
    ),
    'copy.ts': copyTask,
  });
  await rig.runHere();
  const big = statSync(rig.path('out/make/big.raw'));
  expect(big.size).toBe(16 * MIB);
  expect(big.mode & 0o222).toBe(0);
  const small = statSync(rig.path('out/make/small.raw'));
  expect(small.mode & 0o200).toBe(0o200);
  expect(small.nlink).toBe(1);
  const blobs = readdirSync(rig.path('cache/blobs'), { recursive: true, encoding: 'utf8' });
  const blob = blobs.map((name) => statSync(rig.path(`cache/blobs/${name}`))).find(({ size }) => size === 16 * MIB);
  // The same inode, or a clone on a file system that can clone.
  expect(big.nlink === 2 ? big.ino : blob?.ino).toBe(blob?.ino);
  expect(blob?.mode && blob.mode & 0o222).toBe(0);
  // An edit through the link, which nobody should make: the store notices it and makes the output again.
  chmodSync(rig.path('out/make/big.raw'), 0o644);
  truncateSync(rig.path('out/make/big.raw'), 5);
  const again = await rig.runHere();
  expect(again.executed).toEqual(big.nlink === 2 ? ['make'] : []);
  expect(statSync(rig.path('out/make/big.raw')).size).toBe(16 * MIB);
});

test('a step with a figure or table output writes .svg and .png, .arrow and .csv, and the next step reads the first', async () => {
  const rig = makeRig({
    'pipeline.yaml': `
steps:
  make: { uses: ./make.ts }
  table: { uses: ./count.ts, inputs: { table: make.table } }
  figure: { uses: ./copy.ts, inputs: { from: make.figure } }
`,
    'make.ts': taskModule(
      lines(
        'await outputs.table.write({ n: [1, 2] });',
        "const rect = { type: 'rect', encode: { enter: { width: { value: 50 }, height: { value: 50 }, fill: { value: 'red' } } } };",
        'await outputs.figure.write({ width: 60, height: 60, marks: [rect] } as never);',
      ),
      {
        outputs: `figure: figure(), table: table({ description: 'n', columns: { n: { type: 'int64', description: 'n' } } }, { csv: true })`,
      },
    ),
    'count.ts': taskModule('outputs.out.write(Buffer.from(String((await inputs.table.columns()).n.length)));', {
      inputs: `table: table({ description: 'n', columns: { n: { type: 'int64', description: 'n' } } })`,
    }),
    'copy.ts': copyTask,
  });
  expect((await rig.runHere()).failed).toEqual([]);
  expect(readdirSync(rig.path('out/make')).sort()).toEqual(['figure.png', 'figure.svg', 'table.arrow', 'table.csv']);
  expect(rig.read('out/make/figure.svg')).toContain('<svg');
  expect(rig.read('out/figure/out.txt')).toBe(rig.read('out/make/figure.svg'));
  expect(rig.read('out/make/table.csv')).toBe('n\r\n1\r\n2\r\n');
  rig.edit('make.ts', '{ csv: true }', '{}');
  expect((await rig.runHere()).executed).toEqual(['make']);
  expect(rig.exists('out/make/table.csv')).toBe(false);
});
