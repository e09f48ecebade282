import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { samplePrivateKey, sampleOpaque, sampleSecrets } from '../../fixtures/secrets.ts';
import { createRedactor } from './redactor.ts';
import { Secret } from './secret.ts';
import { inspectStream, redactStream } from './stream.ts';
import type { RedactionFormat } from './stream.ts';

const make = () => createRedactor({ userDirectory: '/home/ann' });

/** The bytes in pieces of a size. */
// oxlint-disable-next-line require-await -- a source is asynchronous
async function* cut(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function collected(output: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return chunks;
}

interface Options {
  readonly format?: RedactionFormat;
  readonly size?: number;
  readonly redactor?: ReturnType<typeof make>;
}

async function through(
  input: string | Uint8Array,
  { format = 'text', size = 65_536, redactor = make() }: Options = {},
) {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const { output, result } = redactStream(cut(bytes, size), { redactor, format });
  const chunks = await collected(output);
  return { text: Buffer.concat(chunks).toString('utf8'), ...(await result) };
}

const [secret = '', other = ''] = sampleSecrets().map((sample) => sample.secret);
const pem = samplePrivateKey();
/** Longer than any window of the stream. */
const LONG = 400_000;

describe('text', () => {
  test.each([1, 2, 3, 7, 1_000])('a secret is found in pieces of %d bytes', async (size) => {
    const { text } = await through(`naïve café 東京\nsee ${secret} there\n${pem}\nend 🙂`, { size });
    expect(text).toBe('naïve café 東京\nsee <openai-key:1> there\n<private-key:1>\nend 🙂');
  });

  test('in a line without an end, wherever windows meet', async () => {
    const filler = 'word '.repeat(1_111);
    const { text, ledger } = await through(`${filler}${secret} `.repeat(120));
    expect(text).toBe(`${filler}<openai-key:1> `.repeat(120));
    expect(ledger).toEqual([{ rule: 'openai-key', count: 120 }]);
  });

  test('a secret that is longer than what is held becomes one placeholder, and the text goes on behind it', async () => {
    const long = `password="${sampleOpaque().repeat(60_000)}"`;
    expect((await through(`before ${long} after ${secret}\n`)).text).toBe(
      'before password="<named-value:1>" after <openai-key:1>\n',
    );
    const key = pem.replace('\n', `\n${`${sampleOpaque()}\n`.repeat(30_000)}`);
    expect((await through(`before\n${key}\nafter`)).text).toBe('before\n<private-key:1>\nafter');
  });

  test.each<[string, (text: string) => Buffer]>([
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 LE', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 BE', (text) => Buffer.from(text, 'utf16le').swap16()],
  ])('in %s', async (_name, encode) => {
    for (const size of [1, 3, 1_000])
      expect((await through(encode(`see ${secret}, naïve 東京 🙂\n`), { size })).text).toBe(
        'see <openai-key:1>, naïve 東京 🙂\n',
      );
  });

  test('a secret with an invalid byte inside is found', async () => {
    const bytes = Buffer.concat([
      Buffer.from(secret.slice(0, 30)),
      Buffer.of(0xff),
      Buffer.from(secret.slice(30)),
    ]);
    expect((await through(bytes)).text).toBe('<openai-key:1>');
  });

  test('tells what was hidden where, and what came out', async () => {
    const { text, ...told } = await through(`first\n${secret} ann@example.com\n`);
    expect(told).toEqual({
      bytesIn: 6 + secret.length + 17,
      bytesOut: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      ledger: [
        { rule: 'email', count: 1 },
        { rule: 'openai-key', count: 1 },
      ],
      confident: 1,
      findings: [
        { rule: 'openai-key', line: 2, offset: 6, length: secret.length, confident: true },
        { rule: 'email', line: 2, offset: 7 + secret.length, length: 15, confident: false },
      ],
      unlisted: 0,
    });
  });
});

describe('encodings', () => {
  const inside = `a note: "${secret}"`;
  test.each<[string, string]>([
    ['base64', Buffer.from(inside).toString('base64')],
    ['base64url', Buffer.from(`?${inside}`).toString('base64url')],
    ['base64 of UTF-16', Buffer.from(inside, 'utf16le').toString('base64')],
    [
      'base64 in lines',
      Buffer.from(`${'some words '.repeat(9)}${inside}`)
        .toString('base64')
        .replaceAll(/.{76}/g, '$&\r\n'),
    ],
    ['base64 in base64', Buffer.from(Buffer.from(inside).toString('base64')).toString('base64')],
    ['base64 behind a path', `data/x/${Buffer.from(inside).toString('base64')}`],
    ['hexadecimal', Buffer.from(inside).toString('hex')],
    ['percent-encoding', inside.replaceAll(/./g, (unit) => `%${unit.charCodeAt(0).toString(16)}`)],
    ['percent-encoding twice', inside.replaceAll(/./g, (unit) => `%25${unit.charCodeAt(0).toString(16)}`)],
    ['JSON escapes', inside.replaceAll(/[a-z]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`)],
    ['hexadecimal escapes', inside.replaceAll(/[a-z]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16)}`)],
    ['entities', inside.replaceAll(/[a-z-]/g, (unit) => `&#${unit.charCodeAt(0)};`)],
    ['colours', inside.replaceAll(/.{9}/g, '$&\u001b[1m')],
  ])('%s', async (_name, encoded) => {
    for (const format of ['text', 'jsonl'] as const) {
      const line = format === 'jsonl' ? JSON.stringify({ encoded }) : encoded;
      const { text, confident } = await through(`before ${line} after\n`, { format });
      expect(confident).toBe(1);
      expect(text).toContain('<openai-key:1>');
      expect((await through(text, { format })).text).toBe(text);
    }
  });
});

const lines = (...data: readonly unknown[]): string =>
  data.map((line) => `${JSON.stringify(line)}\n`).join('');
const jsonl = async (text: string, options: Options = {}) =>
  (await through(text, { format: 'jsonl', ...options })).text;

describe('lines of JSON', () => {
  test('a line without a secret stays byte for byte', async () => {
    const text = '{"a": 1.0, "b":12345678901234567890,"c":"\\u00e9\\/"}\n{"d":"naïve 東京 🙂"}\n\n[]';
    expect(await jsonl(text)).toBe(text);
  });

  test.each<[string, unknown, unknown]>([
    ['a text', { a: `see ${secret}` }, { a: 'see <openai-key:1>' }],
    ['a text under a name', { password: 'correct "horse"' }, { password: '<named-value:1>' }],
    [
      'a list under a name',
      { password: ['correct horse', 'staple'] },
      { password: ['<named-value:1>', '<named-value:2>'] },
    ],
    ['a number under a name', { password: 12_345_678, b: 1 }, { password: '<named-value:1>', b: 1 }],
    ['arguments', { args: ['--token', 'swordfish', 'x'] }, { args: ['--token', '<named-value:1>', 'x'] }],
    ['a key with line ends', { a: `x\n${pem}\ny` }, { a: 'x\n<private-key:1>\ny' }],
    ['control characters', { a: `\u001b[1m${secret}\u001b[0m` }, { a: '\u001b[1m<openai-key:1>\u001b[0m' }],
    ['a name', { [secret]: 1 }, { '<openai-key:1>': 1 }],
    [
      'JSON in JSON in JSON',
      { a: JSON.stringify({ b: JSON.stringify({ password: ['correct "horse"'] }) }) },
      { a: JSON.stringify({ b: JSON.stringify({ password: ['<named-value:1>'] }) }) },
    ],
  ])('%s', async (_name, data, clean) => {
    for (const size of [5, 65_536]) {
      const text = await jsonl(lines({ before: 1 }, data, { after: 2 }), { size });
      expect(
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual([{ before: 1 }, clean, { after: 2 }]);
      expect(await jsonl(text)).toBe(text);
    }
  });

  test('what hides text in a terminal is written out and means the same', async () => {
    const text = await jsonl('{"a":"x\u202ey\u{e0041}"}\r\n');
    expect(text).toBe('{"a":"x\\u202ey\\udb40\\udc41"}\n');
    expect(JSON.parse(text)).toEqual({ a: 'x\u202ey\u{e0041}' });
  });

  test('what is no JSON is redacted as text', async () => {
    expect(await jsonl(`{"a": "${secret}\n{"b": "${other}"}\npassword: "my own"\n`)).toBe(
      '{"a": "<openai-key:1>\n{"b": "<openai-key:2>"}\npassword: "<named-value:1>"\n',
    );
  });

  test('a line that is too long for data is redacted as text, and the next one as JSON', async () => {
    const long = JSON.stringify({ a: `${'words and '.repeat(900_000)}${secret}` });
    const text = await jsonl(`${long}\n${JSON.stringify({ password: ['my own'] })}\n`, { size: 1_000_000 });
    expect(text.slice(-60)).toBe('words and <openai-key:1>"}\n{"password":["<named-value:1>"]}\n'.slice(-60));
    expect(text.length).toBeGreaterThan(9_000_000);
  });
});

test('a document of JSON stays one', async () => {
  const document = `${JSON.stringify({ token: ['abc def'], note: `x ${secret}` }, undefined, 2)}\n`;
  const { text, confident } = await through(document, { format: 'json', size: 10 });
  expect(text).toBe('{\n  "token": [\n    "abc def"\n  ],\n  "note": "x <openai-key:1>"\n}\n');
  expect(confident).toBe(1);
  expect((await through('{"a": 1.0}', { format: 'json' })).text).toBe('{"a": 1.0}');
  expect((await through(`no JSON ${secret}`, { format: 'json' })).text).toBe('no JSON <openai-key:1>');
});

test('one secret has one placeholder in all streams of a redactor, however it is written', async () => {
  const redactor = make();
  await through(`${other}\n${secret}`, { redactor });
  const encoded = Buffer.from(`x ${secret} y`).toString('base64');
  const { text, ledger } = await through(lines2(secret, encoded), { redactor, format: 'jsonl' });
  expect(text.match(/<openai-key:\d+>/g)).toEqual(['<openai-key:2>', '<openai-key:2>']);
  expect(ledger).toEqual([{ rule: 'openai-key', count: 2 }]);
  expect(redactor.ledger()).toEqual([{ rule: 'openai-key', count: 4 }]);
});
const lines2 = (...texts: readonly string[]): string =>
  texts.map((a) => `${JSON.stringify({ a })}\n`).join('');

test('what is known to be secret is hidden without a shape of its own, in any encoding', async () => {
  const known = 'Correct-Horse_7';
  const redactor = createRedactor({
    userDirectory: '/',
    knownSecrets: [new Secret(known), new Secret('pässwörd')],
  });
  const filler = 'no secret in this line\n'.repeat(200);
  const forms = [
    known,
    known.toUpperCase(),
    `x${known}y`,
    Buffer.from(`ab${known}cd`).toString('base64'),
    Buffer.from(`--- ${known} ---`).toString('hex'),
    known.replaceAll(/./g, (unit) => `%${unit.charCodeAt(0).toString(16)}`),
    'pässwörd',
    encodeURIComponent('pässwörd'),
  ];
  const { text, confident } = await through(forms.map((form) => `${filler}see ${form} there\n`).join(''), {
    redactor,
  });
  expect(text.match(/see .* there/g)?.filter((line) => !line.includes('<known-secret:'))).toEqual([]);
  expect(confident).toBe(forms.length);
});

test('says of what was redacted that nothing is left, and of what was not what there is', async () => {
  const text = `see ${secret}\n${pem}\npassword: "my own"\n`;
  const bytes = Buffer.from(text);
  const found = await inspectStream(cut(bytes), { redactor: make(), format: 'text' });
  expect([found.confident, found.ledger.length]).toEqual([2, 3]);
  const clean = Buffer.from((await through(text)).text);
  const left = await inspectStream(cut(clean), { redactor: make(), format: 'text' });
  expect(left).toMatchObject({ confident: 0, ledger: [], findings: [] });
});

test('fails as its source fails, and ends with an abort', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* cut(Buffer.from('a'));
    throw new Error('disk gone');
  }
  const one = redactStream(broken(), { redactor: make(), format: 'text' });
  await expect(collected(one.output)).rejects.toThrow('disk gone');
  await expect(one.result).rejects.toThrow('disk gone');
  const { output, result } = redactStream(cut(Buffer.from('a')), {
    redactor: make(),
    format: 'text',
    signal: AbortSignal.abort(new Error('enough')),
  });
  await expect(collected(output)).rejects.toThrow('enough');
  await expect(result).rejects.toThrow('enough');
});

test('however a text is cut, what comes out is the same, and redacting it again changes nothing', async () => {
  const unit = fc.oneof(
    fc.constantFrom(...sampleSecrets(5).map((sample) => sample.secret)),
    fc.constantFrom(
      pem,
      'password: ',
      'token=',
      '"',
      '\n',
      ' ',
      '{"a":"',
      '"}',
      '\\n',
      '/home/ann/x ',
      'ann@example.com',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom<RedactionFormat>('text', 'jsonl', 'json'),
      async (units, size, format) => {
        const bytes = Buffer.from(units.join(''));
        const { text } = await through(bytes, { format, size });
        expect(text).toBe((await through(bytes, { format })).text);
        expect((await through(text, { format })).text).toBe(text);
      },
    ),
    { numRuns: 150 },
  );
});

test('nothing of a long input is lost or doubled', async () => {
  const numbered = Array.from({ length: LONG / 8 }, (_, index) => `${index}`.padStart(7)).join('\n');
  for (const format of ['text', 'jsonl'] as const)
    expect((await through(numbered, { format })).text).toBe(numbered);
});
