import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataError } from 'groundproof/task';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifestLine } from '../../../../tasks/lib/download/complete-row.ts';
import { fillManifest } from '../../../../tasks/lib/download/fill-manifest.ts';
import { fileUrl, readManifest, rowOf } from '../../../../tasks/lib/download/manifest.ts';
import { readRecordFiles } from '../../../../tasks/lib/download/record-files.ts';

const A = '0123456789abcdef0123456789abcdef';
const B = '11111111111111111111111111111111';
const manifest = (files: string) => `# Kept.\nsite: https://zenodo.org/\nrecord: 12\nfiles:\n${files}`;

test('the committed manifest lists the archives of the profile zenodo with their addresses', () => {
  const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8');
  const committed = readManifest(read('data/zenodo.yaml'), 'zenodo.yaml');
  const { recording } = parse(read('pipeline.yaml')).profiles.zenodo.each;
  expect([...committed.files.keys()]).toEqual(recording.map((name: string) => `${name}.tar.gz`));
  expect(recording.length).toBe(19);
  expect(rowOf(committed, '20160415_patch2.tar.gz', '').bytes).toBe(1969550083);
  expect(fileUrl(committed, '20160415_patch2.tar.gz')).toBe(
    'https://zenodo.org/records/1205233/files/20160415_patch2.tar.gz?download=1',
  );
});

test.each([
  ['files: {', /is not valid YAML/],
  ['', /'site' is nothing, expected an address/],
  ['site: zenodo', /'site' is "zenodo", expected an address/],
  ['site: https://zenodo.org', /'record' is nothing, expected the number/],
  ['site: https://zenodo.org\nrecord: 12', /no map 'files'/],
  [manifest('  a: { bytes: -1 }'), /'bytes' of a is -1, expected a whole number/],
  [manifest('  a: { md5: 11111111111111111111111111111111 }'), /'md5' of a is 1\.1+2e\+31, expected 32 .* in quotes/],
  [manifest('  a: { md5: ABC }'), /'md5' of a is "ABC"/],
])('readManifest refuses %j', (text, message) => {
  expect(() => readManifest(text, 'm.yaml')).toThrow(DataError);
  expect(() => readManifest(text, 'm.yaml')).toThrow(message);
});

test('rowOf names a file that the manifest lacks', () => {
  expect(() => rowOf(readManifest(manifest('  a: {}'), 'm.yaml'), 'b', 'm.yaml')).toThrow(
    "m.yaml has no file 'b' of record 12 (it has a)",
  );
});

describe('fillManifest', () => {
  const listed = new Map([
    ['a', { bytes: 1, md5: A }],
    ['b', { bytes: 2, md5: B }],
    ['c', { bytes: 3, md5: A }],
  ]);

  test('fillManifest completes rows and keeps the rest of the text', () => {
    const text = manifest(`  a: { bytes: 1, md5: "${A}" } # Known.\n  b: {}\n  c: { bytes: 3 }\n`);
    const filled = fillManifest(text, 'm.yaml', listed);
    expect(filled).toMatchObject({ files: ['b', 'c'], count: 3, bytes: 6 });
    expect(filled.text).toBe(
      manifest(
        `  a: { bytes: 1, md5: "${A}" } # Known.\n  b: { bytes: 2, md5: "${B}" }\n  c: { bytes: 3, md5: "${A}" }\n`,
      ),
    );
    expect(readManifest(filled.text, 'm.yaml').files.get('b')).toEqual({ bytes: 2, md5: B });
    expect(fillManifest(filled.text, 'm.yaml', listed)).toMatchObject({ text: filled.text, files: [] });
  });

  test('readManifest reads the line that manifestLine recommends', () => {
    const line = manifestLine('b', { bytes: 2, md5: B });
    expect(readManifest(manifest(`  ${line}`), 'm.yaml').files.get('b')).toEqual({ bytes: 2, md5: B });
  });

  test('fillManifest refuses a manifest that contradicts the record', () => {
    expect(() => fillManifest(manifest('  a: { bytes: 7 }'), 'm.yaml', listed)).toThrow(
      'the record says of a bytes 1, m.yaml 7: it was changed there, or m.yaml is wrong',
    );
    expect(() => fillManifest(manifest('  x: {}'), 'm.yaml', listed)).toThrow(
      "the record has no file 'x' (it has a, b, c); correct m.yaml",
    );
  });
});

describe("reading the API's answer", () => {
  test('readRecordFiles reads names, sizes and checksums', () => {
    const entries = [{ key: 'a', size: 1, checksum: `md5:${A}`, links: { content: 'https://zenodo.org/' } }];
    expect(readRecordFiles(JSON.stringify({ enabled: true, entries }), 'u')).toEqual(
      new Map([['a', { bytes: 1, md5: A }]]),
    );
  });

  test.each([
    ['<html>', /found "<html>"/],
    ['null', /found null/],
    ['{"files":[]}', /found \{"files":\[\]\}/],
    ['{"entries":[null]}', /found null/],
    ['{"entries":[{"key":"a","size":1,"checksum":"sha256:00"}]}', /found .*sha256/],
  ])('readRecordFiles refuses %s', (text, message) => {
    expect(() => readRecordFiles(text, 'u')).toThrow(DataError);
    expect(() => readRecordFiles(text, 'u')).toThrow(message);
  });
});
