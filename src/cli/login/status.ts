import { describeEffective } from '../../../checks/auth/credentials/describe.ts';
import type { AccountStatus } from '../../agent/index.ts';
import { shellPath } from '../../host/shell-path.ts';

export interface StatusWords {
  /** Requests will carry a credential, or need none. */
  readonly isSignedIn: boolean;
  readonly text: string;
}

/** What `stethos login status` says; nothing of it is secret. */
export function describeStatus(
  status: AccountStatus,
  /** As it was named on the command line. */
  { home }: { readonly home?: string | undefined } = {},
): StatusWords {
  const { credential, provider, refusal } = status;
  const words = describeEffective(credential, status, provider);
  if (refusal !== undefined) return { isSignedIn: false, text: `${refusal}\n` };
  if (isUsable(credential))
    return {
      isSignedIn: true,
      text:
        credential.kind === 'not_needed'
          ? `No login is needed: provider ${provider} asks for none.\n`
          : `Signed in: ${words}${credential.kind === 'stored' ? `, in ${status.path}` : ''}.\n`,
    };
  const option = home === undefined ? '' : ` --home ${shellPath(home)}`;
  return {
    isSignedIn: false,
    text: [
      `Not signed in: ${reasonOf(status) ?? words}.`,
      `stethos doctor --target stethos${option} --only auth.credentials says more.`,
      '',
    ].join('\n'),
  };
}

function isUsable(credential: AccountStatus['credential']): boolean {
  switch (credential.kind) {
    case 'provider_variable':
      return credential.state === 'present';
    case 'aws':
      return credential.source !== 'none found';
    case 'provider_token':
    case 'provider_command':
    case 'not_needed':
    case 'environment':
    case 'stored':
      return true;
    case 'keyring':
    case 'none':
    case 'unknown':
      return false;
  }
}

function reasonOf({ credential, provider, file, path }: AccountStatus): string | undefined {
  if (credential.kind === 'provider_variable')
    return `provider ${provider} wants the variable ${credential.name}, and it is ${credential.state}`;
  if (credential.kind !== 'none') return undefined;
  switch (file.kind) {
    case 'missing':
      return 'no login is stored';
    case 'malformed':
      return `${path} cannot be used: ${file.problem}`;
    case 'stored':
      return file.credential.missing.length > 0
        ? `${path} lacks ${file.credential.missing.join(' and ')}`
        : `the configuration does not let the login in ${path} count`;
    default:
      return `${path} cannot be read (${file.kind})`;
  }
}
