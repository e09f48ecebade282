import { resolve } from 'node:path';
import type { ConfigOverrides } from '../../target/config/load.ts';
import type { ExecArguments } from './options.ts';

/** A text as TOML writes it: JSON's strings are TOML's basic strings. */
const quoted = (text: string): string => JSON.stringify(text);

/**
 * What the options mean for the configuration. They are put as `-c` would put them, after the user's own: an option with a
 * name of its own says the same more plainly, and nobody gives both.
 * @param cwd where relative folders start
 */
export function overridesOf(args: ExecArguments, cwd: string): ConfigOverrides {
  const set = [...args.c];
  if (args.model !== undefined) set.push(`model=${quoted(args.model)}`);
  else if (scriptFileOf(args) !== undefined) set.push('model="scripted"');
  const provider = args.oss ? (args['local-provider'] ?? 'ollama') : args.provider;
  if (provider !== undefined && scriptFileOf(args) === undefined)
    set.push(`model_provider=${quoted(provider)}`);
  const bypass = args['dangerously-bypass-approvals-and-sandbox'];
  const sandbox = bypass ? 'danger-full-access' : args.sandbox;
  if (sandbox !== undefined) set.push(`sandbox_mode=${quoted(sandbox)}`);
  if (bypass) set.push('approval_policy="never"');
  if (args['add-dir'].length > 0) {
    const folders = args['add-dir'].map((folder) => quoted(resolve(cwd, folder)));
    set.push(`sandbox_workspace_write.writable_roots=[${folders.join(', ')}]`);
  }
  return {
    set,
    enable: args.enable,
    disable: args.disable,
    profile: args.profile,
    ignoreUserConfig: args['ignore-user-config'],
  };
}

const SCRIPTED = 'scripted=';

/** The file of `--provider scripted=FILE`; undefined for a real provider. */
export const scriptFileOf = ({ provider }: ExecArguments): string | undefined =>
  provider?.startsWith(SCRIPTED) ? provider.slice(SCRIPTED.length) : undefined;
