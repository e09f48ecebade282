import { onTestFinished, test, expect } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { systemClock } from '../host/clock.ts';
import { openHome } from './open-home.ts';

const NETWORK_RULE = 'network_rule(host="example.com", protocol="https", decision="deny")\n';

test.each([
  ['rules about the network, which nothing enforces, are told once', NETWORK_RULE + NETWORK_RULE, 1],
  ['other rules need no word', 'prefix_rule(pattern=["ls"])\n', 0],
])('%s', (_case, rules, count) => {
  const home = temporaryHome({ 'rules/a.rules': rules });
  const warnings: string[] = [];
  const opened = openHome({
    home,
    env: { HOME: home },
    cwd: home,
    overrides: { set: [], enable: [], disable: [] },
    entryPoint: 'exec',
    clock: systemClock,
    newId: () => 'id',
    onWarning: (message) => void warnings.push(message),
    ignoresRules: false,
    isStrict: false,
    examination: undefined,
  });
  onTestFinished(() => opened.close());
  expect(warnings).toEqual(
    Array.from({ length: count }, () => expect.stringContaining('network_rule') as string),
  );
});
