import { expect, test } from 'vitest';
import { isSandboxDenial } from './denial.ts';

test.each([
  [1, 'touch: cannot touch ‘x’: Read-only file system', true],
  [1, 'bash: x: Permission denied', true],
  [128, 'fatal: unable to access: Could not resolve host: example.test', true],
  [1, 'Error: connect ENETUNREACH', true],
  [1, 'EROFS: read-only file system, open', true],
  [1, 'AssertionError: expected 1 to be 2', false],
  [0, 'Permission denied', false],
  [127, 'sandbox: command not found', false],
  [126, 'bash: ./script: Permission denied', false],
  [2, 'sh: 1: cannot create /x: Read-only file system', true],
  [1, `Permission denied${'x'.repeat(20_000)}`, false],
])('exit code %i with %j', (exitCode, output, isDenial) => {
  expect(isSandboxDenial(exitCode, output)).toBe(isDenial);
});
