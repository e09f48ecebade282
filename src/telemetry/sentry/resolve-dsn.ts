import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { stringAt } from '../../target/config/facts.ts';
import { readToml } from '../../target/config/toml/read.ts';
import type { Environment } from '../../target/home.ts';
import { parseDsn } from './dsn.ts';
import type { Dsn } from './dsn.ts';

/** Where reports are to go. Nothing is ever sent without one. */
export type ResolvedDsn =
  /** `source` as a user knows it: `--dsn`, `SENTRY_DSN`. */
  | { readonly kind: 'dsn'; readonly dsn: Dsn; readonly source: string }
  | { readonly kind: 'none'; readonly remedy: string }
  | { readonly kind: 'invalid'; readonly source: string; readonly problem: string; readonly remedy: string };

export interface DsnSources {
  /** The value of `--dsn`. */
  readonly option: string | undefined;
  readonly env: Environment;
  /** Absolute: stethos' own home, whatever home is examined. */
  readonly stethosHome: string;
  readonly files: Files;
}

const VARIABLES = ['STETHOS_SENTRY_DSN', 'SENTRY_DSN'] as const;

const NONE: ResolvedDsn = {
  kind: 'none',
  remedy: `Say where reports go: --dsn, ${VARIABLES.join(', ')}, or dsn under [feedback] in the config.toml of the stethos home.`,
};

/**
 * The strongest source that says anything decides, and a wrong one is told rather than passed over: a report must not go
 * to a weaker source's project. An empty variable says that there is none. The examined home and a project's own files
 * are never asked: whom a report goes to is not for them to say.
 */
export function resolveDsn({ option, env, stethosHome, files }: DsnSources): ResolvedDsn {
  const variable = VARIABLES.find((name) => env[name] !== undefined);
  const path = join(stethosHome, 'config.toml');
  const [text, source] =
    option !== undefined
      ? [option, '--dsn']
      : variable !== undefined
        ? [env[variable] ?? '', variable]
        : [configuredDsn(path, files) ?? '', `[feedback] dsn in ${path}`];
  if (text.trim() === '' && option === undefined) return NONE;
  const read = parseDsn(text);
  return read.kind === 'dsn' ? { ...read, source } : { ...read, source };
}

function configuredDsn(path: string, files: Files): string | undefined {
  const read = files.readText(path);
  return read.kind === 'read' ? stringAt(readToml(read.text).values, 'feedback.dsn') : undefined;
}
