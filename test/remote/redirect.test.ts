import { expect, test } from 'vitest';
import { RedirectInTheClear, redirectedTo } from '../../src/remote/redirect.ts';

const from = (address: string, location: string | undefined, statusCode = 302) =>
  redirectedTo(new URL(address), { statusCode, headers: { location } })?.href;

test('a redirect from https to http is refused for every target', () => {
  for (const location of ['http://cache.example.org/cas/1', 'http://other.example.org/', 'HTTP://cache.example.org/']) {
    expect(() => from('https://cache.example.org/cas/1', location)).toThrow(RedirectInTheClear);
  }
  expect(from('https://cache.example.org/cas/1', '//other.example.org/1')).toBe('https://other.example.org/1');
  expect(from('http://cache.example.org/cas/1', 'https://cache.example.org/cas/1')).toBe(
    'https://cache.example.org/cas/1',
  );
});

test('a redirect is followed to HTTP only, and without the credentials in its address', () => {
  expect(from('http://a/b/c', '../d')).toBe('http://a/d');
  expect(from('http://a/b/c', 'http://me:secret@other/d')).toBe('http://other/d');
  for (const location of ['file:///etc/passwd', 'data:text/plain,x', 'http://', undefined]) {
    expect(from('http://a/b', location)).toBeUndefined();
  }
  expect(from('http://a/b', 'http://c/', 200)).toBeUndefined();
  expect(from('http://a/b', 'http://c/', 304)).toBeUndefined();
});
