import { files } from '../host/files.ts';
import type { EffectiveCredential } from '../target/credentials/facts.ts';
import type { StoredMode } from '../target/credentials/stored-mode.ts';
import { hostAndPort } from '../target/provider/address.ts';
import type { Target } from '../target/target.ts';
import { authEnvironmentFacts } from './auth/environment-facts.ts';
import type { EntryPoint } from './config/policies.ts';
import type { ModelProvider } from './provider/provider.ts';
import { gitFacts } from './thread/git-facts.ts';
import type { ThreadStart } from './thread/manager.ts';
import type { ThreadOrigin } from './thread/thread-facts.ts';

export interface OriginSources {
  readonly target: Pick<Target, 'environment' | 'providers' | 'credentials'>;
  readonly provider: Pick<ModelProvider, 'id' | 'name'>;
  readonly entryPoint: EntryPoint;
  readonly kind: ThreadStart['recording']['kind'];
  readonly cwd: string;
  /** Those that are switched on, by name. */
  readonly mcpServers: readonly string[];
}

const HOW = { new: 'started', resumed: 'resumed', forked: 'forked' } as const;

/** Where a thread begins, read from files alone: nobody is asked who is signed in, and no login is renewed for it. */
export function threadOrigin({
  target,
  provider,
  entryPoint,
  kind,
  cwd,
  mcpServers,
}: OriginSources): ThreadOrigin {
  const repository = gitFacts(cwd, files)?.repository;
  const { active } = target.providers();
  const account = accountOf(target, entryPoint);
  const authMode = authModeOf(target, entryPoint);
  return {
    how: HOW[kind],
    source: entryPoint === 'exec' ? 'exec' : 'cli',
    isGit: repository !== undefined,
    isWorktree: repository !== undefined && repository.gitDirectory !== repository.commonDirectory,
    provider: { id: provider.id, name: provider.name, ...hostAndPort(active?.baseUrl ?? '') },
    ...(authMode !== undefined && { authMode }),
    ...(account && { account }),
    authEnvironment: authEnvironmentOf(target, entryPoint),
    mcpServers,
  };
}

/** Which credential variables are set, as facts and tags tell it. */
export const authEnvironmentOf = (
  target: OriginSources['target'],
  entryPoint: EntryPoint,
): ReturnType<typeof authEnvironmentFacts> =>
  authEnvironmentFacts(
    target.environment().values,
    { environmentKey: target.providers().active?.environmentKey },
    { unattended: entryPoint === 'exec' },
  );

const KEY_MODES: ReadonlySet<StoredMode> = new Set(['api_key']);
const ACCESS_TOKEN_VARIABLE = 'CODEX_ACCESS_TOKEN';

type Credentials = Pick<Target, 'credentials'>;

function effectiveOf(target: Credentials, entryPoint: EntryPoint): EffectiveCredential {
  const { effective, interactive } = target.credentials();
  return entryPoint === 'exec' ? effective : interactive;
}

/** Of a person who is signed in, for listeners that may name them. */
function accountOf(target: Credentials, entryPoint: EntryPoint): ThreadOrigin['account'] {
  const { file } = target.credentials();
  if (file.kind !== 'stored' || effectiveOf(target, entryPoint).kind !== 'stored') return undefined;
  const { accountId, userId, email } = file.credential;
  if (accountId === undefined && userId === undefined && !email) return undefined;
  return {
    ...(accountId !== undefined && { id: accountId }),
    ...(userId !== undefined && { userId }),
    ...(email && { email: email.reveal() }),
  };
}

/** As requests will say it. */
export function authModeOf(target: Credentials, entryPoint: EntryPoint): ThreadOrigin['authMode'] {
  const credential = effectiveOf(target, entryPoint);
  switch (credential.kind) {
    case 'stored':
      return KEY_MODES.has(credential.mode) ? 'ApiKey' : 'Chatgpt';
    case 'environment':
      return credential.name === ACCESS_TOKEN_VARIABLE ? 'Chatgpt' : 'ApiKey';
    case 'provider_variable':
    case 'provider_token':
    case 'provider_command':
      return 'ApiKey';
    default:
      return undefined;
  }
}
