import { warn } from '../../../src/doctor/check.ts';
import type { VerdictIssue } from '../../../src/doctor/check.ts';
import type { CaEvidence } from './evidence.ts';

/** Where the agent is left without the roots of the operating system. Measured on codex 0.169. */
export function rootIssues(seen: CaEvidence): VerdictIssue[] {
  const { agent, bundle, roots, usesTls } = seen;
  // Without a bundle the HTTP client has another TLS library, which passes over variables that name nothing.
  const suffers = bundle ? usesTls.http || usesTls.websocket : usesTls.websocket;
  if (!suffers || bundle?.content.kind === 'unusable') return [];
  const who = bundle ? agent : `the WebSocket client of ${agent}`;
  const rest = bundle ? `trusts nobody but ${bundle.path}` : 'trusts nobody';
  const [empty] = roots.emptyVariables;
  if (empty !== undefined)
    return [
      warn({
        class: 'invalid_value',
        cause: `${empty} is set but empty, so that ${who} ${rest}`,
        measured: `${empty} is empty`,
        expected: `${empty} unset, or the name of a ${empty === 'SSL_CERT_DIR' ? 'folder' : 'file'}`,
        remedy: `Unset ${empty}: even empty it takes the place of the system's certificates.`,
        fields: ['system roots'],
      }),
    ];
  if (roots.count === 0) {
    const names = roots.variables.join(' and ');
    return [
      warn({
        class: 'missing',
        cause: `No certificate is found where ${names} leads, so that ${who} ${rest}`,
        measured: `no certificate in ${roots.places.join(', ')}`,
        expected: "certificates, or variables that are unset: they take the place of the system's",
        remedy: `Unset ${names}, or let it name the certificates of the system.`,
        fields: ['system roots'],
      }),
    ];
  }
  if (roots.kind === 'files' && roots.places.length === 0)
    return [
      warn({
        class: 'missing',
        cause: `This machine has no trusted certificates, so that ${who} ${rest}`,
        measured: 'none of the places where distributions keep them exists',
        expected: 'a file such as /etc/ssl/certs/ca-certificates.crt',
        remedy: 'Install the package ca-certificates.',
        fields: ['system roots'],
      }),
    ];
  return [];
}
