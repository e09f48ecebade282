import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePrivateKey, sampleOpaque, sampleSecrets } from '../../fixtures/secrets.ts';
import { findSecrets } from './find.ts';
import { createRedactor } from './redactor.ts';

const redact = (text: string): string => createRedactor({ userDirectory: '/home/ann' }).text(text);

/** What is secret in a sample: of a URL only the user part and the path of a webhook. */
const core = (secret: string): string =>
  /:\/\/[^:]+:([^@]+)@/.exec(secret)?.[1] ?? /services\/(.+)$/.exec(secret)?.[1] ?? secret;

/** Longest stretch of a secret that may be left over: its prefix, which is public. */
const MAX_LEFT = 8;

function leaks(text: string, secret: string): boolean {
  const value = core(secret);
  for (let start = 0; start + MAX_LEFT < value.length; start += 1)
    if (text.includes(value.slice(start, start + MAX_LEFT + 1))) return true;
  return false;
}

const SURROUNDINGS: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  sentence: (secret) => `the server said ${secret}, twice.`,
  'double quotes': (secret) => `value "${secret}" here`,
  'single quotes': (secret) => `value '${secret}' here`,
  backticks: (secret) => `value \`${secret}\``,
  'line ends': (secret) => `first\n${secret}\r\nlast`,
  'written line ends': (secret) => String.raw`first\n${secret}\nlast`,
  JSON: (secret) => JSON.stringify({ note: secret, list: [secret] }),
  'JSON in JSON': (secret) => JSON.stringify({ line: JSON.stringify({ note: secret }) }),
  'query value': (secret) => `https://api.example.com/v1/models?id=${encodeURIComponent(secret)}&page=2`,
  assignment: (secret) => `export VALUE=${secret}`,
  parentheses: (secret) => `failed (${secret})`,
  arrow: (secret) => `<${secret}>`,
  colour: (secret) => `\u001b[31m${secret}\u001b[0m`,
  'written colour': (secret) => String.raw`\u001b[31m${secret}\u001b[0m`,
  number: (secret) => `7 ${secret} 7`,
};

describe('samples of every maker', () => {
  for (const { maker, secret } of sampleSecrets())
    for (const [name, surround] of Object.entries(SURROUNDINGS))
      it(`${maker}: ${name}`, () => {
        const clean = redact(surround(secret));
        expect({ clean, leaks: leaks(clean, secret) }).toEqual({ clean, leaks: false });
      });

  it('in any text, whatever the sample, and redacting again changes nothing', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9999 }),
        fc.nat(),
        fc.nat(),
        words,
        words,
        (seed, pick, place, before, after) => {
          const samples = sampleSecrets(seed);
          const surroundings = Object.values(SURROUNDINGS);
          const sample = samples[pick % samples.length];
          const surround = surroundings[place % surroundings.length];
          if (!sample || !surround) throw new Error('no sample');
          const text = [...before, surround(sample.secret), ...after].join(' ');
          const once = redact(text);
          expect({ text, once, leaks: leaks(once, sample.secret) }).toEqual({ text, once, leaks: false });
          expect(redact(once)).toBe(once);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('split by control characters anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sampleSecrets(3)),
        fc.nat(),
        fc.constantFrom(
          '\u001b[0m',
          '\u200b',
          '\u0000',
          '\u202e',
          '\u001b]0;x\u0007',
          '\ufeff',
          String.raw`\u001b[1m`,
        ),
        ({ secret }, position, control) => {
          const at = 1 + (position % (secret.length - 1));
          const clean = redact(`see ${secret.slice(0, at)}${control}${secret.slice(at)} there`);
          expect({ clean, leaks: leaks(clean, secret) }).toEqual({ clean, leaks: false });
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('private keys', () => {
  const pem = samplePrivateKey();
  const cases: Readonly<Record<string, string>> = {
    whole: `before\n${pem}\nafter.`,
    'line ends written out': JSON.stringify({ key: pem }),
    'in JSON in JSON': JSON.stringify(JSON.stringify({ key: pem })),
    'cut off at the end': pem.slice(0, 300),
    'cut off at the beginning': pem.slice(200),
    'two of them': `${pem}\n${samplePrivateKey(2)}`,
    encrypted: pem
      .replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AA11\n\n')
      .slice(0, 400),
    'a list of lines': JSON.stringify(pem.split('\n')),
  };
  for (const [name, text] of Object.entries(cases))
    it(`hidden: ${name}`, () => {
      const clean = redact(text);
      const material = [...pem.matchAll(/[A-Za-z0-9+/]{64}/g)].map(([line]) => line.slice(20, 40));
      expect(material.filter((part) => clean.includes(part))).toEqual([]);
      expect(clean).toContain('<private-key:1>');
    });

  it('leaves the text around and public certificates', () => {
    expect(redact(`before\n${pem}\nafter.`)).toBe('before\n<private-key:1>\nafter.');
    const certificate = ['BEGIN', 'END'].map((mark) => `-----${mark} CERTIFICATE-----`).join('\nMIIB\n');
    expect(redact(certificate)).toBe(certificate);
  });
});

describe('values by their name', () => {
  const value = 'hunter2';
  it.each([
    [`password: ${value}`, 'password: <named-value:1>'],
    [`password="correct horse"`, 'password="<named-value:1>"'],
    [`db_password = 'a"b'`, `db_password = '<named-value:1>'`],
    [
      String.raw`{"log":"{\"password\":\"a\\\"b\"}"}`,
      String.raw`{"log":"{\"password\":\"<named-value:1>\"}"}`,
    ],
    ['api_key=abcdefg', 'api_key=<named-value:1>'],
    ['{"apiKey": "abcdefg"}', '{"apiKey": "<named-value:1>"}'],
    ['--token abcdefg', '--token <named-value:1>'],
    ['--api-key=abcdefg run', '--api-key=<named-value:1> run'],
    ['["--token","abcdefg"]', '["--token","<named-value:1>"]'],
    ['token=abcdefg&user=bob', 'token=<named-value:1>&user=bob'],
    ['password=a,b;c', 'password=<named-value:1>'],
    ['Server=x;Password=a1;Database=y', 'Server=x;Password=<named-value:1>;Database=y'],
    ['HEROKU_API_KEY=01234567-89ab-cdef-0123-456789abcdef', 'HEROKU_API_KEY=<named-value:1>'],
    ['//registry.example.org/:_authToken=abcdefg', '//registry.example.org/:_authToken=<named-value:1>'],
    ['machine x login ann password hunter2', 'machine x login ann password <named-value:1>'],
    ['Authorization: Bearer abcdefgh', 'Authorization: Bearer <authorization:1>'],
    ['Authorization: hunter22', 'Authorization: <authorization:1>'],
    ['{"authorization":"Basic YTpi"}', '{"authorization":"Basic <authorization:1>"}'],
    [
      `curl -H "Authorization: Bearer abcdefgh" https://x`,
      `curl -H "Authorization: Bearer <authorization:1>" https://x`,
    ],
    ['Proxy-Authorization: Basic YTpi', 'Proxy-Authorization: Basic <authorization:1>'],
    ['Authorization: Digest username="a", response="b"', 'Authorization: Digest <authorization:1>'],
    ['Bearer abc123def', 'Bearer <authorization:1>'],
    ['Cookie: a=b; c=d', 'Cookie: a=<cookie:1>'],
    ['Set-Cookie: __cf_bm=abcdef; Path=/', 'Set-Cookie: __cf_bm=<cookie:1>'],
    ['got _cfuvid=abcdef back', 'got _cfuvid=<cookie:1> back'],
    ['x-api-key: abc123', 'x-api-key: <named-value:1>'],
  ])('%s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('an opaque value under any such name', () => {
    const secret = sampleOpaque();
    for (const name of [
      'token',
      'client_secret',
      'OPENAI_KEY',
      'access_key',
      'PGPASSWORD',
      'signature',
      'npm_config__auth',
    ])
      for (const text of [`${name}=${secret}`, `${name}: ${secret}`, `"${name}": "${secret}"`])
        expect(redact(text)).not.toContain(secret.slice(3, 20));
  });
});

describe('URLs', () => {
  it.each([
    ['https://ann:pw@h.example/x', 'https://<url-credentials:1>@h.example/x'],
    ['https://tok@h.example', 'https://<url-credentials:1>@h.example'],
    ['https://ann:p/w@h.example/x', 'https://<url-credentials:1>@h.example/x'],
    ['https://ann:p@w@h.example/x', 'https://<url-credentials:1>@h.example/x'],
    ['https://ann:p#w?@h.example/x', 'https://<url-credentials:1>@h.example/x'],
    ['http://ann:hunter', 'http://<url-credentials:1>'],
    [
      'https://h.example/a/b?x=secret&v=true#part',
      'https://h.example/a/b?x=<url-value:1>&v=true#<url-fragment:1>',
    ],
    [String.raw`https:\/\/ann:pw@h.example\/x`, String.raw`https:\/\/<url-credentials:1>@h.example\/x`],
    [
      'http://a:b@h.example,http://c:d@i.example',
      'http://<url-credentials:1>@h.example,http://<url-credentials:2>@i.example',
    ],
    ['ann:pw@proxy.example:8080', '<proxy-credentials:1>@proxy.example:8080'],
    ['see https://h.example/x?page=2.', 'see https://h.example/x?page=2.'],
    ['https://0123456789abcdef@o1.ingest.sentry.io/2', 'https://<url-credentials:1>@o1.ingest.sentry.io/2'],
  ])('%s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });
});

it('says where a secret stands without showing it', () => {
  const [sample] = sampleSecrets();
  const secret = sample?.secret ?? '';
  expect(findSecrets(`a ${secret} b`)).toEqual([{ rule: 'openai-key', start: 2, end: 2 + secret.length }]);
});
