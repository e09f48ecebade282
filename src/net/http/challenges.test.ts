import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChallenges } from './challenges.ts';

test.each([
  [['Basic realm="api"'], ['Basic']],
  [['Negotiate, NTLM'], ['Negotiate', 'NTLM']],
  [
    ['Negotiate', 'Basic realm=x'],
    ['Negotiate', 'Basic'],
  ],
  [['Negotiate YIIabc=='], ['Negotiate']],
  [['Digest realm="a, Basic", qop="auth", nonce=abc, Bearer'], ['Digest', 'Bearer']],
  [['Bearer realm = "x", error="invalid_token"'], ['Bearer']],
  [[String.raw`Basic realm="a\", Digest", Bearer`], ['Basic', 'Bearer']],
  [['Basic realm="never ends, Bearer'], ['Basic']],
  [['Basic', 'Basic'], ['Basic']],
  [[''], []],
  [[', ,'], []],
])('%j', (values, schemes) => expect(readChallenges(values)).toEqual(schemes));

test('parameters never show, whatever the field holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[^"\\]{0,20}$/), (junk, realm) => {
      expect(readChallenges([junk]).length).toBeLessThanOrEqual(8);
      const schemes = readChallenges([`Basic realm="hush${realm}", Bearer`]);
      expect(schemes).toEqual(['Basic', 'Bearer']);
    }),
  );
});
