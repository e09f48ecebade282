import { files } from '../../host/files.ts';
import type { Environment } from '../../target/home.ts';
import { resolveDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import type { ResolvedDsn } from '../../telemetry/sentry/resolve-dsn.ts';
import { Problem } from '../problem.ts';
import { UsageError } from '../usage-error.ts';
import type { FeedbackArguments } from './options.ts';

/**
 * Where it is to go. A wrong DSN is told before anything is gathered.
 * @throws UsageError, Problem
 */
export function destinationOf(
  args: FeedbackArguments,
  { env, stethosHome }: { readonly env: Environment; readonly stethosHome: string },
): ResolvedDsn {
  const resolved = resolveDsn({ option: args.dsn, env, stethosHome, files });
  const isNeeded = args.out === undefined && !args.preview && args.show === undefined;
  if (resolved.kind !== 'invalid' || !isNeeded) return resolved;
  const problem = `${resolved.source} is no DSN: ${resolved.problem}.`;
  throw args.dsn === undefined
    ? new Problem(`${problem} ${resolved.remedy}`)
    : new UsageError(problem, resolved.remedy);
}
