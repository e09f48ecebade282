import { expect, test } from 'vitest';
import { connectivityDiagnostics } from './connectivity.ts';

test('proxy variables in the order of the reference, and their passwords hidden', () => {
  const text = connectivityDiagnostics({
    all_proxy: 'socks5://127.0.0.1:1080',
    https_proxy: '',
    HTTPS_PROXY: 'http://alice:hunter2@proxy.example:3128',
    HTTP_PROXY: 'proxy.example:3128',
    NO_PROXY: 'localhost',
  });
  expect(text).toBe(
    [
      'Connectivity diagnostics',
      '',
      '- Proxy environment variables are set and may affect connectivity.',
      '  - HTTP_PROXY = proxy.example:3128',
      '  - HTTPS_PROXY = http://<user info>@proxy.example:3128',
      '  - all_proxy = socks5://127.0.0.1:1080',
      '',
    ].join('\n'),
  );
});

test('nothing is said where nothing is set', () =>
  expect(connectivityDiagnostics({ NO_PROXY: '*' })).toBeUndefined());
