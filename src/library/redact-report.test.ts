import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { Secret } from '../redact/secret.ts';
import { examine } from './examine.ts';
import { redactReport } from './redact-report.ts';

const report = () => {
  const home = temporaryHome({ 'auth.json': '{"OPENAI_API_KEY":"nightingale"}' });
  return examine({ home, env: {}, offline: true, exec: false, only: ['state.paths'] });
};

test('a report from here is redacted with what the examined home keeps secret, a copy of it too', async () => {
  const made = await report();
  const said = { ...made, notes: [{ kind: 'info', check: 'state.paths', text: 'a nightingale' }] } as const;
  expect(redactReport(said).notes).toMatchObject([{ text: 'a <known-secret:1>' }]);
});

test('what the caller knows besides is hidden as well', async () => {
  const made = await report();
  const text = 'a nightingale in the hawthorn';
  const said = { ...made, notes: [{ kind: 'info', check: 'state.paths', text }] } as const;
  const [note] = redactReport(said, { knownSecrets: [new Secret('hawthorn')] }).notes;
  expect(note?.text).toBe('a <known-secret:1> in the <known-secret:2>');
});
