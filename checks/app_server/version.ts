import { warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import { runningServer } from '../../src/target/install/daemon.ts';
import type { DaemonFacts } from '../../src/target/install/daemon.ts';
import { compareVersions } from '../../src/target/install/version.ts';

/** An older server than the command that talks to it; a newer one is what its own update loop leads to. */
export function versionIssues(
  daemon: DaemonFacts,
  { command, cliVersion }: { readonly command: string; readonly cliVersion: string | undefined },
): VerdictIssue[] {
  const server = runningServer(daemon);
  if (!server) return [];
  const { selectedVersion } = daemon;
  const restart = `${command} app-server daemon restart`;
  const update = `${command} app-server daemon update --from-cli`;
  const isOlderThan = (other: string | undefined): other is string =>
    server.version !== undefined && other !== undefined && (compareVersions(server.version, other) ?? 0) < 0;
  const interrupts = 'Work that the server has in hand is interrupted.';
  if (isOlderThan(selectedVersion) || (server.isExecutableGone && !isOlderThan(cliVersion)))
    return [
      warn({
        class: 'mismatch',
        cause: isOlderThan(selectedVersion)
          ? `The background server still runs ${server.version ?? ''}, although ${selectedVersion} is installed`
          : 'The background server runs a program that was replaced or removed since it started',
        measured: `process ${server.pid} runs ${server.executable ?? 'an unknown program'}${server.isExecutableGone ? ', which is gone' : ''}`,
        expected: `the installed program${selectedVersion ? `, ${selectedVersion}` : ''}`,
        remedy: `Restart it: \`${restart}\`. ${interrupts}`,
        command: restart,
        fields: ['app-server version', 'app-server executable'],
      }),
    ];
  if (!isOlderThan(cliVersion)) return [];
  const isPinned = selectedVersion !== undefined;
  return [
    warn({
      class: 'mismatch',
      cause: `The background server is older than ${command}`,
      measured: `server ${server.version ?? 'unknown'}, ${command} ${cliVersion}`,
      expected: `${cliVersion} or newer`,
      remedy: isPinned
        ? `Give it the version of the command: \`${update}\`, then \`${restart}\`. ${interrupts}`
        : `Restart it: \`${restart}\`. ${interrupts}`,
      command: isPinned ? update : restart,
      fields: ['app-server version', 'command version'],
    }),
  ];
}
