import { expect, test } from 'vitest';
import { addressOf } from '../../src/remote/address.ts';

const at = (url: string, env: NodeJS.ProcessEnv = {}) => {
  const address = addressOf({ url, write: false }, env);
  return address.ok ? address.value : address.error;
};

test('an address keeps its path, without a slash at its end', () => {
  expect(at('https://cache.example.org')).toMatchObject({ url: 'https://cache.example.org', authorization: null });
  expect(at('http://10.0.0.1:8080/lab/groundproof//')).toMatchObject({ url: 'http://10.0.0.1:8080/lab/groundproof' });
  expect(addressOf(null, { GROUNDPROOF_REMOTE_USER: 'lonely' })).toEqual({ ok: true, value: null });
});

test.each([
  ['https://me:secret@cache.example.org', 'the address of the remote cache has credentials in it'],
  ['https://token@cache.example.org', 'the address of the remote cache has credentials in it'],
  ['https://cache.example.org/?token=secret', 'the address of the remote cache ends in ? or #'],
  ['https://cache.example.org/#secret', 'the address of the remote cache ends in ? or #'],
  ['cache.example.org', 'the address of the remote cache should be like https://'],
  ['file:///secret', 'the address of the remote cache should be like https://'],
  ['', '--remote-write needs an address'],
])('%s is refused, and not repeated', (url, message) => {
  const refused = at(url);
  expect(refused).toMatchObject({ reason: 'usage', message: expect.stringContaining(message) });
  expect(JSON.stringify(refused)).not.toMatch(/secret|token@/);
});

test('a token or a user with a password becomes the header (the example of RFC 7617)', () => {
  const authorization = (env: NodeJS.ProcessEnv) => at('https://host', env);
  expect(authorization({ GROUNDPROOF_REMOTE_TOKEN: 'abc' })).toMatchObject({ authorization: 'Bearer abc' });
  const both = { GROUNDPROOF_REMOTE_USER: 'Aladdin', GROUNDPROOF_REMOTE_PASSWORD: 'open sesame' };
  expect(authorization(both)).toMatchObject({ authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' });
  // CI passes a secret that a job may not see as ''.
  expect(authorization({ GROUNDPROOF_REMOTE_TOKEN: '', GROUNDPROOF_REMOTE_USER: '' })).toMatchObject({
    authorization: null,
  });
});

test.each([
  [{ GROUNDPROOF_REMOTE_TOKEN: 'se\ncret' }, 'GROUNDPROOF_REMOTE_TOKEN holds'],
  [{ GROUNDPROOF_REMOTE_USER: 'secret' }, 'GROUNDPROOF_REMOTE_USER is set, and GROUNDPROOF_REMOTE_PASSWORD is not'],
  [{ GROUNDPROOF_REMOTE_PASSWORD: 'secret' }, 'GROUNDPROOF_REMOTE_PASSWORD is set, and GROUNDPROOF_REMOTE_USER is not'],
  [{ GROUNDPROOF_REMOTE_USER: 'a:secret', GROUNDPROOF_REMOTE_PASSWORD: 'x' }, 'GROUNDPROOF_REMOTE_USER holds a colon'],
])('%j is refused, and not repeated', (env, message) => {
  const refused = at('https://host', env);
  expect(refused).toMatchObject({ reason: 'usage', message: expect.stringContaining(message) });
  expect(JSON.stringify(refused)).not.toContain('cret');
});
