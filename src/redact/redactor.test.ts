import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { createRedactor } from './redactor.ts';

const [first, second] = sampleSecrets().map(({ secret }) => secret);
const make = (userDirectory = '/home/ann') => createRedactor({ userDirectory });

describe('home directories', () => {
  it.each([
    ['/home/ann', '~'],
    ['/home/ann/.codex', '~/.codex'],
    ['PATH=/usr/bin:/home/ann/bin', 'PATH=/usr/bin:~/bin'],
    ['"/home/ann/x" and (/home/ann).', '"~/x" and (~).'],
    ['-I/home/ann/include', '-I~/include'],
    ['file:///home/ann/a%20b', 'file://~/a%20b'],
    [String.raw`{"p":"\/home\/ann\/x"}`, String.raw`{"p":"~\/x"}`],
    [String.raw`a\n/home/ann/x`, String.raw`a\n~/x`],
    ['%2Fhome%2Fann%2Fx', '~%2Fx'],
    ['/home/annabel/x', '/home/<user:1>/x'],
    ['/home/ann-old', '/home/<user:1>'],
    ['/home/ann.bak/x', '/home/<user:1>/x'],
    ['/mnt/home/ann/x', '/mnt/home/<user:1>/x'],
    ['/Users/bob/x', '/Users/<user:1>/x'],
    [String.raw`C:\Users\Bob Smith\x`, String.raw`C:\Users\<user:1>\x`],
    [String.raw`"C:\\Users\\bob\\x"`, String.raw`"C:\\Users\\<user:1>\\x"`],
    ['file:///C:/Users/bob/x', 'file:///C:/Users/<user:1>/x'],
    ['/mnt/c/Users/bob/x', '/mnt/c/Users/<user:1>/x'],
    ['https://h.example/home/ann/x', 'https://h.example/home/ann/x'],
  ])('%s', (text, clean) => {
    expect(make().text(text)).toBe(clean);
  });

  it.each([
    ['/home/an n é', 'file:///home/an%20n%20%C3%A9/x', 'file://~/x'],
    ['/home/an n é', '/home/an n é/x', '~/x'],
    ['/root', '/root/.codex /rooted /var/root', '~/.codex /rooted /var/root'],
    ['/home/ann/', '/home/ann/x', '~/x'],
    [String.raw`C:\Users\Ann`, String.raw`c:\users\ann\x C:/Users/Ann/y`, String.raw`~\x ~/y`],
    [String.raw`C:\Users\Ann`, String.raw`"C:\\Users\\Ann\\x"`, String.raw`"~\\x"`],
    ['/', '/etc/x /', '/etc/x /'],
    ['', '/etc/x', '/etc/x'],
    ['C:\\', String.raw`C:\x`, String.raw`C:\x`],
    ['.', 'a.b', 'a.b'],
    ['/home/a.b+c', '/home/a.b+c/x /home/aXb+c', '~/x /home/<user:1>'],
  ])('home %j', (home, text, clean) => {
    expect(make(home).text(text)).toBe(clean);
  });
});

it('names of user and machine, as words, unless they are common', () => {
  const redactor = createRedactor({ userDirectory: '/', userName: 'annika', hostName: 'workbench' });
  expect(redactor.text('annika@ workbench: annikas workbench.local')).toBe(
    '<user:1>@ <host:1>: annikas <host:1>.local',
  );
  const common = createRedactor({ userDirectory: '/', userName: 'root', hostName: 'codex' });
  expect(common.text('root ran codex')).toBe('root ran codex');
});

it('e-mail addresses', () => {
  expect(make().text('ann@example.com, <Bob.B+x@mail.example.org>; ann%40example.com')).toBe(
    '<email:1>, <<email:2>>; <email:3>',
  );
});

it('gives the same secret the same placeholder, and counts what it hid', () => {
  const redactor = make();
  expect(redactor.value([`${first} ${second}`, { a: first }, `Bearer ${first}`])).toEqual([
    '<openai-key:1> <openai-key:2>',
    { a: '<openai-key:1>' },
    'Bearer <openai-key:1>',
  ]);
  redactor.text('/home/ann');
  expect(redactor.ledger()).toEqual([
    { rule: 'home-directory', count: 1 },
    { rule: 'openai-key', count: 4 },
  ]);
});

describe('structures', () => {
  it('hides under a secret name whatever the value looks like', () => {
    expect(
      make().value({
        password: 'correct horse',
        apiKey: 'abc',
        env: { SOME_TOKEN: 'abc', HOME: '/home/ann' },
        args: ['--token', 'swordfish', 'next'],
        token: [`${first}`, 'abc'],
        'access token': 'expired a week ago',
        env_key: 'OPENAI_API_KEY',
        count: 7,
        none: null,
      }),
    ).toEqual({
      password: '<named-value:1>',
      apiKey: '<named-value:2>',
      env: { SOME_TOKEN: '<named-value:2>', HOME: '~' },
      args: ['--token', '<named-value:3>', 'next'],
      token: ['<openai-key:1>', '<named-value:2>'],
      'access token': 'expired a week ago',
      env_key: 'OPENAI_API_KEY',
      count: 7,
      none: null,
    });
  });

  it('cleans names of members without losing any', () => {
    expect(make().value({ [`${first}`]: 1, '/home/ann': 2, '~': 3, 'a\u001b': 4 })).toEqual({
      '<openai-key:1>': 1,
      '~': 2,
      '~ (2)': 3,
      [String.raw`a\u001b`]: 4,
    });
  });

  it('is not fooled by __proto__', () => {
    const clean = make().value(JSON.parse('{"__proto__": {"polluted": true}}') as object);
    expect(Object.getOwnPropertyNames(clean)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
  });

  it('survives cycles, depth, sharing and what is not plain data', () => {
    const cycle: Record<string, unknown> = { name: 'x' };
    cycle['self'] = cycle;
    expect(make().value(cycle)).toEqual({ name: 'x', self: '<cycle>' });

    let deep: unknown = first;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(JSON.stringify(make().value(deep))).toContain('<too deep>');

    let wide: unknown = { a: 1 };
    for (let level = 0; level < 60; level += 1) wide = { left: wide, right: wide };
    expect(make().value(wide)).toBeTypeOf('object');

    const odd = {
      date: new Date(0),
      map: new Map([[first, 1]]),
      set: new Set([first]),
      bytes: Buffer.from(`${first}`),
      error: new Error(`no ${first}`),
      call: () => first,
      get broken(): string {
        throw new Error(first);
      },
    };
    expect(
      make().value({ error: odd.error, map: odd.map, set: odd.set, bytes: odd.bytes, call: odd.call }),
    ).toEqual({
      error: { name: 'Error', message: 'no <openai-key:1>' },
      map: [['<openai-key:1>', 1]],
      set: ['<openai-key:1>'],
      bytes: `<binary data, ${odd.bytes.byteLength} bytes>`,
      call: '<function>',
    });
    expect(make().value({ odd })).toEqual({ odd: '<unreadable>' });
  });

  it('shows every control character that a text alone would show, whatever else is there', () => {
    for (let unit = 0; unit < 0xa0; unit += 1) {
      const text = `a${String.fromCharCode(unit)}b`;
      expect(make().value([text])).toEqual([make().text(text)]);
    }
  });

  it('keeps data without secrets as it is, and redacts once', () => {
    const word = fc.constantFrom('a', 'b c', 'x/y', '~', 'not set');
    fc.assert(
      fc.property(
        fc.object({ key: word, values: [word, fc.integer(), fc.boolean(), fc.constant(null)] }),
        (data) => {
          expect(make().value(data)).toEqual(data);
        },
      ),
    );
    const redactor = make();
    fc.assert(
      fc.property(
        fc.object({
          values: [
            fc.string({ unit: 'binary' }),
            fc.constantFrom(...sampleSecrets().map(({ secret }) => secret)),
          ],
        }),
        (data) => {
          const once = redactor.value(data);
          expect(redactor.value(once)).toEqual(once);
        },
      ),
    );
  });
});
