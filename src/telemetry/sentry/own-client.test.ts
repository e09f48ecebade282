import { expect, test } from 'vitest';
import { programPath, runNode } from '../../../fixtures/run.ts';

test('making envelopes leaves no listener, no scope, no OpenTelemetry and no global but the mark of the SDK', async () => {
  const { exitCode, stdout, stderr } = await runNode([programPath('sentry-globals.ts')]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    listeners: [],
    // Where the copies of the SDK find each other; its scopes, which hold a program's users and breadcrumbs, are not in it.
    globals: ['__SENTRY__'],
    scopes: [],
    openTelemetry: false,
    sdkClient: false,
    hostUserTravels: false,
  });
});
