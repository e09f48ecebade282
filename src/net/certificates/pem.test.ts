import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstDerObject } from './der.ts';
import { readPem } from './pem.ts';

const block = (label: string, content: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(content)
    .toString('base64')
    .replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

/** A DER octet string. */
function object(content: Uint8Array): Uint8Array {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([0x04, ...length, ...content]);
}

const ONE = object(Buffer.from('one'));
const CERTIFICATE = block('CERTIFICATE', ONE);
const BODY = CERTIFICATE.split('\n')[1] ?? '';
const TRUSTED = block('TRUSTED CERTIFICATE', Buffer.concat([ONE, Buffer.from('trust data')]));

/** `read` with how many certificates, or the problem. */
function outcome(text: string): string {
  const content = readPem(text);
  return content.kind === 'read' ? `${content.certificates.length}` : content.problem;
}

// Each line was tried on codex 0.169, which took and refused the same files.
describe('files as people have them', () => {
  test.each<[string, string, string]>([
    ['one certificate', CERTIFICATE, '1'],
    ['two', CERTIFICATE + CERTIFICATE, '2'],
    ['text around', `Subject: x\n\n${CERTIFICATE}bye\n`, '1'],
    ['carriage returns and line feeds', CERTIFICATE.replaceAll('\n', '\r\n'), '1'],
    ['carriage returns', CERTIFICATE.replaceAll('\n', '\r'), '1'],
    [
      'white space in the content',
      CERTIFICATE.replace(BODY, `\n ${BODY.slice(0, 2)} \t\f${BODY.slice(2)}`),
      '1',
    ],
    ['no padding', block('CERTIFICATE', Buffer.from('ab')).replace('=', ''), '1'],
    ['too much padding', CERTIFICATE.replace(BODY, `${BODY}====`), 'bad_base64'],
    ['URL-safe digits', CERTIFICATE.replace(BODY, '_-__'), 'bad_base64'],
    ['spaces behind BEGIN', CERTIFICATE.replace('-----\n', '-----  \n'), '1'],
    ['a tab behind BEGIN', CERTIFICATE.replace('-----\n', '-----\t\n'), 'bad_begin'],
    ['text behind BEGIN', CERTIFICATE.replace('-----\n', '----- hi\n'), 'bad_begin'],
    ['text behind END', CERTIFICATE.replace(/\n$/, ' hi\n'), '1'],
    ['text before BEGIN', `x ${CERTIFICATE}`, '0'],
    ['a byte-order mark', `\u00ef\u00bb\u00bf${CERTIFICATE}`, '0'],
    ['indented', CERTIFICATE.replaceAll(/^(?=.)/gm, '  '), '0'],
    ['four dashes', `${CERTIFICATE}-----BEGIN CERTIFICATE----\n`, 'bad_begin'],
    ['six dashes', CERTIFICATE.replace('-----\n', '------\n'), 'bad_begin'],
    ['lower case', CERTIFICATE.toLowerCase(), '0'],
    ['another label for the same', CERTIFICATE.replaceAll('CERT', 'X509 CERT'), '0'],
    ['headers', CERTIFICATE.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'), 'bad_base64'],
    ['cut off', CERTIFICATE + CERTIFICATE.slice(0, -10), 'no_end'],
    ['another END', CERTIFICATE.replace('END CERT', 'END TRUST'), 'no_end'],
    ['END alone', `-----END CERTIFICATE-----\n${CERTIFICATE}`, '1'],
    ['BEGIN twice', `-----BEGIN CERTIFICATE-----\n${CERTIFICATE}`, '1'],
    ['a key beside', CERTIFICATE + block('PRIVATE KEY', ONE), '1'],
    [
      'a malformed key beside',
      `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n`,
      'bad_base64',
    ],
    [
      'anything in a section of another kind',
      `${CERTIFICATE}-----BEGIN PGP MESSAGE-----\nA: 1\n=x!\n-----END PGP MESSAGE-----\n`,
      '1',
    ],
    ['another kind without end', `${CERTIFICATE}-----BEGIN PGP MESSAGE-----\n`, 'no_end'],
    ['a revocation list', CERTIFICATE + block('X509 CRL', ONE), '1'],
    [
      'a malformed revocation list',
      `${CERTIFICATE}-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n`,
      'bad_base64',
    ],
    ['a revocation list alone', block('X509 CRL', ONE), '0'],
    ['a TRUSTED certificate', TRUSTED, '1'],
    [
      'a TRUSTED certificate that is cut off',
      block('TRUSTED CERTIFICATE', ONE.subarray(0, -1)),
      'bad_trusted_block',
    ],
    [
      'a TRUSTED certificate with an indefinite length',
      block('TRUSTED CERTIFICATE', Uint8Array.of(0x30, 0x80, 0, 0)),
      'bad_trusted_block',
    ],
    ['an empty section', block('CERTIFICATE', new Uint8Array()), '1'],
    ['nothing', '', '0'],
  ])('%s', (_name, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

test('a malformed section is named by label and line', () => {
  expect(
    readPem(`${CERTIFICATE}\n-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n`),
  ).toMatchObject({
    problem: 'bad_base64',
    label: 'CERTIFICATE',
    line: 5,
  });
});

test.each([
  ['ends like a label', `-----BEGIN PRIVATE KEY-----\\n${BODY}\\n-----END PRIVATE KEY-----`],
  ['does not', `-----BEGIN PRIVATE KEY-----\\n${BODY}\\n-----END PRIVATE KEY-----\\n`],
])('of a section that stands on one line, which %s, its label alone is told', (_name, text) => {
  expect(readPem(text)).toMatchObject({ kind: 'malformed', label: 'PRIVATE KEY', line: 1 });
});

test('revocation lists are counted, private keys noticed', () => {
  const crl = block('X509 CRL', ONE);
  expect(readPem(CERTIFICATE + crl + crl)).toMatchObject({ crls: 2, hasPrivateKey: false });
  expect(readPem(CERTIFICATE + block('RSA PRIVATE KEY', ONE))).toMatchObject({ hasPrivateKey: true });
});

function lengths(text: string): number[] {
  const content = readPem(text);
  return content.kind === 'read' ? content.certificates.map(({ length }) => length) : [];
}

test('one TRUSTED label makes every certificate of the file be cut, and none otherwise (trap 40)', () => {
  const padded = block('CERTIFICATE', Buffer.concat([ONE, Buffer.from('more')]));
  expect(lengths(TRUSTED + padded)).toEqual([ONE.length, ONE.length]);
  expect(lengths(padded)).toEqual([ONE.length + 4]);
  expect(readPem(TRUSTED)).toMatchObject({ hasTrustedLabels: true });
  expect(readPem(padded)).toMatchObject({ hasTrustedLabels: false });
});

describe('properties', () => {
  const bytes = fc.uint8Array({ maxLength: 700 });
  const noise = fc.string().filter((line) => !/[\r\n]|-----BEGIN |TRUSTED CERT/.test(line));

  test('what is written is read, whatever stands between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, bytes), { maxLength: 5 }), (parts) => {
        const content = readPem(parts.map(([line, der]) => `${line}\n${block('CERTIFICATE', der)}`).join(''));
        expect(content.kind).toBe('read');
        const read = content.kind === 'read' ? content.certificates : [];
        expect(read.map((der) => Buffer.from(der))).toEqual(parts.map(([, der]) => Buffer.from(der)));
      }),
    );
  });

  test('a file cut off within a section is refused', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (der, at) => {
        const text = block('CERTIFICATE', der);
        const begin = '-----BEGIN '.length;
        // From the point where the line can be told to be a BEGIN, to the last dash of END.
        const cut = begin + (at % (text.length - 1 - begin));
        expect(readPem(CERTIFICATE + text.slice(0, cut)).kind).toBe('malformed');
      }),
    );
  });

  test('any text gives an answer', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('-----BEGIN ', '-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', BODY),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(['read', 'malformed']).toContain(readPem(lines.join('\n')).kind);
      }),
    );
  });

  test('a DER object is found whatever follows, and not found when it is cut off', () => {
    const content = fc.uint8Array({ maxLength: 70_000, size: 'max' });
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          content.map((one) => one.slice(0, 0xffff)),
        ),
        bytes,
        (inner, trailer) => {
          const der = object(inner);
          expect(firstDerObject(Buffer.concat([der, trailer]))).toEqual(Buffer.from(der));
          expect(firstDerObject(der.subarray(0, -1))).toBeUndefined();
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([
    ['nothing', []],
    ['a tag alone', [0x30]],
    ['an indefinite length', [0x30, 0x80, 0, 0]],
    ['a length of five bytes', [0x30, 0x85, 0, 0, 0, 0, 0]],
    ['a length that is cut off', [0x30, 0x82, 1]],
    ['a length beyond the end', [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0]],
  ])('no object: %s', (_name, given) => {
    expect(firstDerObject(Uint8Array.from(given))).toBeUndefined();
  });
});
