import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { taskInterfaceSchema } from '../../schemas/task-interface.ts';
import { interfaceProblem } from '../../src/load/interface-problem.ts';
import type { TaskInterface } from '../../src/task/define.ts';

const table = { description: '', columns: { at: { type: 'int64', description: 'Where' } } } as const;
const right: TaskInterface = {
  inputs: { archive: { kind: 'file' }, all: { kind: 'gathered', of: { kind: 'table', table } } },
  params: { type: 'object', properties: { limit: { type: 'number', default: 1 } }, additionalProperties: false },
  outputs: { peaks: { kind: 'table', table, csv: true, headline: 'at' }, wave: { kind: 'figure' } },
};

test('a valid declaration has no problem', () => {
  expect(interfaceProblem(right)).toBeUndefined();
});

test.each<[string, object, RegExp]>([
  ['an unknown kind of port', { inputs: { a: { kind: 'fil' } } }, /declaration is wrong: inputs\.a/],
  ['a network that is not true or false', { network: 'zenodo' }, /declaration is wrong: network/],
  ['parameters that are not an object', { params: { type: 'array' } }, /params/],
  ['parameters that are not a JSON Schema', { params: { type: 'object', properties: 3 } }, /no JSON Schema/],
  [
    'a file without extension',
    { outputs: { raw: { kind: 'file' } } },
    /^output raw needs an extension: file\('\.raw'\)$/,
  ],
  [
    'a headline without its column',
    { outputs: { peaks: { kind: 'table', table, headline: 'verdict' } } },
    /^output peaks has no column verdict for its headline$/,
  ],
  [
    'outputs that differ only in capitals',
    { outputs: { o: { kind: 'folder' }, O: { kind: 'folder' } } },
    /^outputs o and O differ only in capitals: some systems give both one file$/,
  ],
])('a declaration with %s has a problem', (_, wrong, message) => {
  expect(interfaceProblem({ ...right, ...wrong } as TaskInterface)).toMatch(message);
});

test('the schema of declarations is valid JSON Schema', () => {
  const ajv = new Ajv2020({ discriminator: true, allowUnionTypes: true });
  expect(ajv.validateSchema(taskInterfaceSchema)).toBe(true);
});
