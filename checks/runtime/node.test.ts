import { expect, test } from 'vitest';
import node from './node.ts';

test.each([
  ['22.19.0', undefined],
  ['24.1.0', undefined],
  ['22.9.9', 'fail'],
  ['20.20.2', 'fail'],
])('Node.js %s', (version, severity) => {
  const verdict = node.judge({ version, executable: '/usr/bin/node', required: '22.19.0' });
  expect(verdict.issues[0]?.severity).toBe(severity);
});
