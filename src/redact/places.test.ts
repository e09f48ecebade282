import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOpaque, sampleSecrets } from '../../fixtures/secrets.ts';
import { describeArguments, describeEnvironment, describeHeaders, describeUrl } from './places.ts';

describe('describeArguments', () => {
  it.each<[string[], string[]]>([
    [
      ['-y', '@scope/pkg@1.2.3', '--verbose', 'run'],
      ['-y', '@scope/pkg@1.2.3', '--verbose', 'run'],
    ],
    [
      ['/opt/tokens/server.js', '--port=8080', '--root', '/srv/secret'],
      ['/opt/tokens/server.js', '--port=8080', '--root', '/srv/secret'],
    ],
    [
      ['--token', 'swordfish', 'next'],
      ['--token', '<argument>', 'next'],
    ],
    [
      ['--token', '--verbose'],
      ['--token', '--verbose'],
    ],
    [['--api-key=swordfish'], ['--api-key=<argument>']],
    [[`${sampleOpaque()}=32265276`], ['<argument>']],
    [
      ['--token', '$GITHUB_TOKEN'],
      ['--token', '$GITHUB_TOKEN'],
    ],
    [
      ['-H', 'Authorization: Bearer swordfish', 'x'],
      ['-H', 'Authorization: <argument>', 'x'],
    ],
    [
      ['-H', 'Accept: text/plain'],
      ['-H', 'Accept: text/plain'],
    ],
    [
      ['-e', 'GITHUB_TOKEN=swordfish', '-e', 'DEBUG=1'],
      ['-e', 'GITHUB_TOKEN=<argument>', '-e', 'DEBUG=1'],
    ],
    [
      ['-u', 'ann:swordfish'],
      ['-u', '<argument>'],
    ],
    [
      ['https://ann:pw@h.example/x?key=swordfish#part'],
      ['https://<user info>@h.example/x?key=<value>#<fragment>'],
    ],
    [['01234567-89ab-cdef-0123-456789abcdef'], ['<argument>']],
    [['9fceb02d0ae598e95dc970b74767f19372d61af8'], ['<argument>']],
    [['a\u001b[31m\nb'], [String.raw`a\u001b[31m\nb`]],
    [[], []],
  ])('%j', (args, shown) => {
    expect(describeArguments(args)).toEqual(shown);
  });

  it('never shows a sample or an opaque value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.nat(), fc.boolean(), (seed, pick, joined) => {
        const samples = [...sampleSecrets(seed).map(({ secret }) => secret), sampleOpaque(seed)];
        const secret = samples[pick % samples.length] ?? '';
        const shown = describeArguments(joined ? [`--option=${secret}`] : ['--option', secret]).join(' ');
        const inner = /:\/\/[^:]+:([^@]+)@/.exec(secret)?.[1] ?? secret;
        expect({ shown, leaks: shown.includes(inner) }).toEqual({ shown, leaks: false });
      }),
    );
  });
});

describe('describeUrl', () => {
  it.each([
    [
      'https://ann:pw@h.example:8443/a/b?x=secret&flag=true#part',
      'https://<user info>@h.example:8443/a/b?x=<value>&flag=true#<fragment>',
    ],
    ['https://h.example/v1', 'https://h.example/v1'],
    ['http://ann:p/w@h.example', 'http://<user info>@h.example'],
    ['http://ann:hunter', 'http://<user info>'],
    ['ann:pw@proxy:8080', '<user info>@proxy:8080'],
    ['proxy.example:8080', 'proxy.example:8080'],
    ['no url', 'no url'],
    ['http://', 'http://'],
    ['', ''],
    ['http://h.example:port\u001b[1m/x', String.raw`http://h.example:port\u001b[1m/x`],
  ])('%j', (url, shown) => {
    expect(describeUrl(url)).toBe(shown);
  });

  it('hides any password, even one that breaks the URL', () => {
    const password = fc.string({
      unit: fc.constantFrom('a', 'B', '7', '/', '?', '#', '@', ':', '%', '!', '['),
      minLength: 6,
      maxLength: 12,
    });
    fc.assert(
      fc.property(password, (broken) => {
        const shown = describeUrl(`http://ann:x${broken}y@proxy.example:8080/path`);
        expect({ broken, shown }).toEqual({ broken, shown: 'http://<user info>@proxy.example:8080/path' });
      }),
    );
  });
});

it('headers and variables show their names only', () => {
  expect(describeHeaders({ Authorization: 'Bearer x', 'X-Empty': '' })).toEqual({
    Authorization: '<header value>',
    'X-Empty': '<empty>',
  });
  expect(describeEnvironment({ A: 'x', B: '', C: undefined })).toEqual({ A: '<set>', B: '<empty>' });
  const hostile = describeHeaders(JSON.parse('{"__proto__": "x"}') as Record<string, string>);
  expect(Object.getOwnPropertyNames(hostile)).toEqual(['__proto__']);
  const name = sampleSecrets()[0]?.secret ?? '';
  expect(describeEnvironment({ [name]: 'x' })).toEqual({ '<name>': '<set>' });
});
