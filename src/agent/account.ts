import { files } from '../host/files.ts';
import type { Secret } from '../redact/secret.ts';
import type { CredentialFacts, EffectiveCredential } from '../target/credentials/facts.ts';
import type { Environment } from '../target/home.ts';
import type { Target } from '../target/target.ts';
import { readLogin } from './auth/login/read-login.ts';
import { loginWithApiKey } from './auth/login-with-api-key.ts';
import type { ApiKeyLogin } from './auth/login-with-api-key.ts';
import { logout } from './auth/logout.ts';
import type { LogoutOutcome } from './auth/logout.ts';
import { clientSoftwareOf } from './client-software.ts';
import { describeProblem } from './config/problem-warnings.ts';
import { openTarget } from './open-target.ts';

export interface AccountOptions {
  /** Default: `STETHOS_HOME`, or `~/.stethos`. */
  readonly home?: string;
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  /** Who really asks. */
  readonly client: { readonly name: string; readonly version: string };
}

export interface AccountStatus {
  /** Id of the provider that requests go to. */
  readonly provider: string;
  /** What a request of an unattended run will carry, told from precedence alone: nobody was asked whether it is any good. */
  readonly credential: EffectiveCredential;
  /** The credential file, whether or not it counts. */
  readonly file: CredentialFacts['file'];
  readonly path: string;
  /** Why the agent would not start, or not use the credential; for the user, with what to do. */
  readonly refusal: string | undefined;
}

/** Who is signed in at a home, without an agent. */
export interface Account {
  status(): AccountStatus;
  /** @throws what the file system throws */
  loginWithApiKey(key: Secret): Promise<ApiKeyLogin>;
  /** @throws what the file system throws */
  logout(): Promise<LogoutOutcome>;
}

/** Each call reads the home anew. */
export function openAccount({ home, env, cwd, client }: AccountOptions): Account {
  const overrides = { set: [], enable: [], disable: [] };
  const open = () => openTarget({ profile: 'stethos', home, env, cwd, overrides });
  return {
    status: () => statusOf(open().target),
    async loginWithApiKey(key) {
      const { target } = open();
      const fault = faultOf(target);
      return fault === undefined ? loginWithApiKey(key, target) : { kind: 'refused', message: fault };
    },
    async logout() {
      const { target, network } = open();
      try {
        return await logout({ target, files, network, client: clientSoftwareOf(target, client) });
      } finally {
        await network.close();
      }
    },
  };
}

function statusOf(target: Target): AccountStatus {
  const { effective, file, path } = target.credentials();
  const { login } = readLogin({ ...target, files }, UNATTENDED);
  return {
    provider: target.providers().activeId,
    credential: effective,
    file,
    path,
    refusal: faultOf(target) ?? (login.kind === 'refused' ? login.message : undefined),
  };
}

const UNATTENDED = true;

/** What keeps the agent from starting. Where logins are kept is not known then. */
function faultOf(target: Pick<Target, 'config'>): string | undefined {
  const words = target
    .config()
    .problems.filter(({ fatal }) => fatal)
    .map(describeProblem);
  return words.length === 0 ? undefined : words.join('\n');
}
