import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { FailureClass } from '../../../src/doctor/failure.ts';
import type { CaVariable } from '../../../src/target/certificates/variables.ts';
import type { NetworkEvidence } from './evidence.ts';

/** What is wrong, at a glance, with the files that custom CA variables point at. */
export function certificateIssues({ certificates, dotenv, agent }: NetworkEvidence): VerdictIssue[] {
  return certificates.flatMap((variable) => {
    const fault = faultOf(variable);
    if (!fault) return [];
    const { name, path, origin } = variable;
    const place = origin === 'shell' ? name : `${name} in ${dotenv.path}`;
    return [
      warn({
        class: fault.class,
        cause: `${name} ${fault.cause}`,
        measured: `${path}: ${fault.measured}`,
        expected: 'a PEM file with one or more CERTIFICATE blocks',
        remedy:
          fault.remedy ??
          `Point ${place} at a PEM file with the certificates of your CA, or unset it: ${agent} then trusts the system's.`,
        fields: [name],
      }),
    ];
  });
}

interface Fault {
  readonly class: FailureClass;
  readonly cause: string;
  readonly measured: string;
  readonly remedy?: string;
}

function faultOf({ file, name, path }: CaVariable): Fault | undefined {
  switch (file.kind) {
    case 'certificates':
      return file.hasPrivateKey
        ? {
            class: 'permissions',
            cause: 'points at a file that also holds a private key',
            measured: 'certificates and a private key',
            remedy: `Keep the private key in a file of its own, and only the certificates in ${path}.`,
          }
        : undefined;
    case 'private_key_only':
      return {
        class: 'malformed',
        cause: 'points at a private key instead of certificates',
        measured: 'a private key, no certificate',
      };
    case 'no_certificate':
      return {
        class: 'malformed',
        cause: 'points at a file without a PEM certificate',
        measured: 'no CERTIFICATE block',
      };
    case 'empty':
      return { class: 'malformed', cause: 'points at an empty file', measured: 'an empty file' };
    case 'too_large':
      return {
        class: 'malformed',
        cause: 'points at a file far too large for certificates',
        measured: 'more than 8 MiB',
      };
    case 'missing':
      return { class: 'missing', cause: 'points at a file that does not exist', measured: 'missing' };
    case 'dangling':
      return {
        class: 'missing',
        cause: 'points at a link whose target does not exist',
        measured: 'a dangling link',
      };
    case 'loop':
      return {
        class: 'wrong_type',
        cause: 'points at a link that leads back to itself',
        measured: 'a loop of links',
      };
    case 'wrong_type':
      return { class: 'wrong_type', cause: `points at a ${file.type}, not a file`, measured: file.type };
    case 'denied':
      return {
        class: 'permissions',
        cause: 'points at a file that this account may not read',
        measured: file.code,
        remedy: `Make ${path} readable for the account that runs the agent, or unset ${name}.`,
      };
    case 'failed':
      return {
        class: 'unreadable',
        cause: `points at a file that cannot be read (${file.code})`,
        measured: file.code,
      };
  }
}
