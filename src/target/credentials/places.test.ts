import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { files } from '../../host/files.ts';
import { findAwsSource } from './aws.ts';
import { findKeyring } from './keyring.ts';

test.each<[string, Record<string, string>, string | undefined, string | undefined]>([
  ['linux', {}, 'no D-Bus', undefined],
  ['linux', { XDG_RUNTIME_DIR: '/nowhere' }, 'no D-Bus', undefined],
  ['linux', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1/bus' }, undefined, undefined],
  ['darwin', {}, undefined, undefined],
  ['darwin', { SSH_CONNECTION: '1' }, undefined, 'locked'],
  ['win32', {}, undefined, undefined],
])('the keyring on %s with %j', (platform, env, unreachable, mayBeLocked) => {
  const entry = findKeyring({ homePath: temporaryHome(), env, platform }, files);
  expect(entry.unreachable ?? '').toContain(unreachable ?? '');
  expect(Boolean(entry.unreachable)).toBe(unreachable !== undefined);
  expect(Boolean(entry.mayBeLocked)).toBe(mayBeLocked !== undefined);
});

test('a session bus socket in the runtime folder is a session bus', () => {
  const runtime = temporaryHome({ bus: '' });
  const entry = findKeyring(
    { homePath: runtime, env: { XDG_RUNTIME_DIR: runtime }, platform: 'linux' },
    files,
  );
  expect(entry.unreachable).toBeUndefined();
});

const source = (env: Record<string, string>): string => findAwsSource(env, { kind: 'missing' }, files);

test('AWS credentials are looked for in the order of the SDK', () => {
  const user = temporaryHome({ '.aws/config': '', elsewhere: '' });
  const bare = { HOME: temporaryHome(), USERPROFILE: temporaryHome() };
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  expect(source({ HOME: user, USERPROFILE: user, ...keys, AWS_BEARER_TOKEN_BEDROCK: 'c' })).toBe(
    'AWS_BEARER_TOKEN_BEDROCK',
  );
  expect(source({ HOME: user, USERPROFILE: user, ...keys })).toBe('AWS access keys in the environment');
  expect(source({ HOME: user, USERPROFILE: user })).toBe('AWS profile files');
  expect(source({ ...bare, AWS_CONFIG_FILE: join(user, 'elsewhere') })).toBe('AWS profile files');
  expect(source({ ...bare, AWS_WEB_IDENTITY_TOKEN_FILE: '/t' })).toBe('container or web identity');
  expect(source({ ...bare, AWS_ACCESS_KEY_ID: 'a' })).toBe('none found');
});
