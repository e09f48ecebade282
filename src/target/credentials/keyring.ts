import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Environment } from '../home.ts';
import type { KeyringEntry } from './facts.ts';

/**
 * Names the keyring entry of a home: the service, and an account made of the canonical home path as the agent makes it.
 * Nothing is asked of the keyring, because asking can open a dialog.
 */
export function findKeyring(
  { homePath, env, platform }: { homePath: string; env: Environment; platform: string },
  files: Files,
): KeyringEntry {
  // Few homes use a keyring, so the module is not loaded for all.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256')
    .update(files.realpath(homePath) ?? homePath)
    .digest('hex');
  return {
    service: 'Codex Auth',
    account: `cli|${digest.slice(0, 16)}`,
    unreachable:
      platform === 'linux' && !hasSessionBus(env, files)
        ? 'no D-Bus session is running here, so no secret service can answer'
        : undefined,
    mayBeLocked:
      platform === 'darwin' && (env['SSH_CONNECTION'] ?? env['SSH_TTY'])
        ? 'the login keychain is usually locked in an SSH session'
        : undefined,
  };
}

function hasSessionBus(env: Environment, files: Files): boolean {
  if (env['DBUS_SESSION_BUS_ADDRESS']?.trim()) return true;
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime !== undefined && runtime !== '' && files.look(join(runtime, 'bus')).kind === 'found';
}
