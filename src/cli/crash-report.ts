import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { TOOL_VERSION } from '../doctor/version.ts';
import { sendReport, SPOOL_FOLDER } from '../feedback/spool.ts';
import { systemClock } from '../host/clock.ts';
import { files } from '../host/files.ts';
import { createNetwork } from '../net/network.ts';
import { createRedactor } from '../redact/redactor.ts';
import { chooseHome } from '../target/home.ts';
import type { Environment } from '../target/home.ts';
import { redactionOfUser } from '../target/redaction.ts';
import { describeDsn } from '../telemetry/sentry/dsn.ts';
import { eventIdOf } from '../telemetry/sentry/event-id.ts';
import { resolveDsn } from '../telemetry/sentry/resolve-dsn.ts';
import { workingDirectory } from './working-directory.ts';

/** Somebody waits for the prompt of a program that has just failed. */
const SEND_LIMIT_MS = 5_000;
/** A stack of a dozen frames, and a message that is no novel. */
const MAX_STACK_LENGTH = 8_000;

/**
 * Sends a fault of stethos itself to whom the user named: its redacted stack, the command by its name, versions. No
 * argument, no file, nothing of a session. What cannot be sent waits in the spool.
 * @param command one of ours; undefined for anything else that was typed
 * @returns one line for the user. Never rejects.
 */
export async function reportCrash(
  error: unknown,
  { command, env }: { readonly command: string | undefined; readonly env: Environment },
): Promise<string> {
  const { cwd } = workingDirectory(env);
  const stethosHome = chooseHome({ target: 'stethos', cwd, env }, files);
  const resolved = resolveDsn({ option: undefined, env, stethosHome: stethosHome.path, files });
  if (resolved.kind !== 'dsn') return `no crash report was sent: there is no usable DSN. ${resolved.remedy}`;
  const redactor = createRedactor(redactionOfUser({ env, cwd }, files));
  const [name, stack] =
    error instanceof Error ? [error.name, error.stack ?? error.message] : ['unknown', String(error)];
  const network = createNetwork({
    environment: () => ({ values: env, originOf: () => 'shell' }),
    caVariables: stethosHome.profile.caVariables,
    files,
    cwd,
  });
  const outcome = await sendReport(
    {
      eventId: eventIdOf(randomUUID()),
      timestampMs: systemClock.now(),
      level: 'fatal',
      message: redactor.text(`stethos failed: ${name}`),
      reason: redactor.text(stack).slice(0, MAX_STACK_LENGTH),
      release: `stethos@${TOOL_VERSION}`,
      environment: 'production',
      tags: { ...(command !== undefined && { command }), os: process.platform, architecture: process.arch },
      contexts: { runtime: { name: 'node', version: process.versions.node } },
      attachments: [],
    },
    {
      spoolFolder: join(stethosHome.path, SPOOL_FOLDER),
      dsn: resolved.dsn,
      network,
      clock: systemClock,
      signal: AbortSignal.timeout(SEND_LIMIT_MS),
    },
  );
  await network.close();
  const place = describeDsn(resolved.dsn);
  return outcome.kind === 'sent'
    ? `a crash report was sent to ${place}: event ${outcome.eventId}`
    : `no crash report was sent to ${place}${outcome.kind === 'spooled' ? ' yet' : ''}: ${outcome.reason}`;
}
