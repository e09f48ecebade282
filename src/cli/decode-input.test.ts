import { expect, test } from 'vitest';
import { decodeInput } from './decode-input.ts';

const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

test.each<[string, Uint8Array, string]>([
  ['UTF-8', Buffer.from('grüß Gott'), 'grüß Gott'],
  ['UTF-8 with a mark', Buffer.from('\ufeffgrüß Gott'), 'grüß Gott'],
  ['UTF-16, little end first', Buffer.from('\ufeffgrüß Gott', 'utf16le'), 'grüß Gott'],
  ['UTF-16, big end first', utf16be('grüß Gott'), 'grüß Gott'],
  ['nothing', Buffer.alloc(0), ''],
])('%s is read', (_name, bytes, text) => expect(decodeInput(bytes)).toEqual({ kind: 'text', text }));

test.each<[string, Uint8Array, string]>([
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'UTF-32'],
  ['UTF-32, big end first', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x41]), 'UTF-32'],
  ['Latin-1', Buffer.from('grüß', 'latin1'), 'text that is not UTF-8'],
])('%s is refused by name', (_name, bytes, encoding) =>
  expect(decodeInput(bytes)).toEqual({ kind: 'undecodable', encoding }),
);
