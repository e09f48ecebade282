import { namesOfThisMachine } from '../host/account.ts';
import type { Files } from '../host/files.ts';
import type { RedactorOptions } from '../redact/redactor.ts';
import { chooseHome, userDirectory } from './home.ts';
import type { Environment } from './home.ts';
import { knownSecrets } from './known-secrets.ts';
import { PROFILES } from './profile.ts';
import { createTarget } from './target.ts';
import type { Target } from './target.ts';

/**
 * How something about one agent is redacted: with the names of this machine, and the secrets of that agent. Reads files
 * and changes none. Never throws.
 */
export const redactionOf = (target: Target, files: Files): RedactorOptions => ({
  userDirectory: userDirectory(target.env),
  ...namesOfThisMachine(),
  knownSecrets: knownSecrets(target, files),
});

/**
 * How something is redacted that may come from any agent of this user, such as a trace or a bundle: with the names of
 * this machine, and the secrets that the homes of all agents hold. Reads files and changes none. Never
 * throws.
 */
export function redactionOfUser(
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
  files: Files,
): RedactorOptions {
  const overrides = { set: [], enable: [], disable: [] };
  const secrets = Object.values(PROFILES).flatMap(({ id }) => {
    const home = chooseHome({ target: id, cwd, env }, files);
    return knownSecrets(createTarget({ home, cwd, env, files, overrides }), files);
  });
  return { userDirectory: userDirectory(env), ...namesOfThisMachine(), knownSecrets: secrets };
}
