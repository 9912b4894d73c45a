import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

test('the committed JSON schemas equal the TypeScript objects', () => {
  execFileSync(process.execPath, [path('scripts/schemas.mjs'), '--check']);
});

test('pipeline.yaml is valid by the schema in its first line', () => {
  const text = readFileSync(path('pipeline.yaml'), 'utf8');
  const named = /\$schema=(\S+)/.exec(text)?.[1] ?? '';
  const schema = JSON.parse(readFileSync(path(named), 'utf8'));
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false });
  expect(ajv.validate(schema, parse(text)), ajv.errorsText()).toBe(true);
});
