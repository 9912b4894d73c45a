import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readPadding } from '../../../../tasks/lib/recording/header.ts';

test.each([
  ['as published', 'threshold = 8\nname = 2016/patch_2_MEA\nmin_peak = -80.4\npadding = 1871\n'],
  ['with CRLF', 'threshold = 8\r\npadding = 1871\r\n'],
  ['with old Mac line ends', 'threshold = 8\rpadding = 1871\rchannel = 3'],
  ['with a byte order mark', '\uFEFFpadding = 1871'],
  ['without spaces', 'padding=1871'],
  ['with tabs', '  padding\t=\t1871  '],
  ['with zeros in front', 'padding = 01871'],
  ['between keys alike', 'padding2 = 5\nmin padding = 6\npadding = 1871\nthe padding\n= 7'],
])('readPadding finds the padding %s', (_, text) => {
  expect(readPadding(text, 'a.txt')).toBe(1871);
});

test('readPadding accepts a padding of 0', () => {
  expect(readPadding('padding = 0', 'a.txt')).toBe(0);
});

test.each([
  ['threshold = 8\nchannel = 3', /a\.txt does not say .*'padding = 1871'.* only threshold, channel/],
  ['', /no `key = value` line/],
  ['padding: 1871', /no `key = value` line/],
  ['padding = 1871\npadding = 1867', /2 lines for padding \(1871, 1867\), expected one/],
  ['padding = -1', /padding is '-1', expected a whole number of bytes/],
  ['padding = 1871.0', /padding is '1871\.0'/],
  ['padding =', /padding is ''/],
  ['padding = 0x10', /padding is '0x10'/],
  ['padding = 99999999999999999999', /padding is '99999999999999999999'/],
])('readPadding refuses %j', (text, message) => {
  const read = () => readPadding(text, 'a.txt');
  expect(read).toThrow(DataError);
  expect(read).toThrow(message);
});
