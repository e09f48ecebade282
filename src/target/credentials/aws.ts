import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { userDirectory } from '../home.ts';
import type { Environment } from '../home.ts';
import type { AwsSource, CredentialFile } from './facts.ts';

/**
 * Where the AWS credential for Bedrock would come from, in the order in which it is looked for: a key that was stored by
 * a login goes before the variable (measured on codex 0.169). `none found` still leaves the role of an EC2 instance,
 * which only a request can tell.
 */
export function findAwsSource(env: Environment, file: CredentialFile, files: Files): AwsSource {
  const isSet = (name: string): boolean => Boolean(env[name]?.trim());
  if (
    file.kind === 'stored' &&
    file.credential.mode.startsWith('bedrock_') &&
    file.credential.missing.length === 0
  )
    return 'stored Bedrock credential';
  if (isSet('AWS_BEARER_TOKEN_BEDROCK')) return 'AWS_BEARER_TOKEN_BEDROCK';
  if (isSet('AWS_ACCESS_KEY_ID') && isSet('AWS_SECRET_ACCESS_KEY'))
    return 'AWS access keys in the environment';
  const folder = join(userDirectory(env), '.aws');
  const profiles = [
    env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
    env['AWS_CONFIG_FILE'] || join(folder, 'config'),
  ];
  if (profiles.some((path) => files.look(path).kind === 'found')) return 'AWS profile files';
  const roles = [
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  return roles.some(isSet) ? 'container or web identity' : 'none found';
}
