import { resolve } from 'node:path';
import type { Files } from '../../host/files.ts';
import { describeArguments } from '../../redact/places.ts';
import type { Environment } from '../home.ts';
import { resolveCommand } from './command.ts';
import type { McpTransport } from './facts.ts';

export type StdioTransport = Extract<McpTransport, { kind: 'stdio' }>;

/** Everything that the agent starts a stdio server with. Values may be secret. */
export interface McpLaunch {
  /** Absolute. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values that must not be shown where the server repeats them. */
  readonly secrets: readonly string[];
}

/**
 * What a server inherits without being told; everything else of the agent's environment stays behind, proxies too
 * (recorded from codex 0.169 on Linux, for Windows from its SDK's list).
 */
const INHERITED: readonly string[] =
  process.platform === 'win32'
    ? [
        'APPDATA',
        'COMSPEC',
        'HOMEDRIVE',
        'HOMEPATH',
        'LOCALAPPDATA',
        'PATH',
        'PATHEXT',
        'PROGRAMDATA',
        'PROGRAMFILES',
        'SYSTEMDRIVE',
        'SYSTEMROOT',
        'TEMP',
        'TMP',
        'USERNAME',
        'USERPROFILE',
        'WINDIR',
      ]
    : [
        'HOME',
        'LANG',
        'LC_ALL',
        'LOGNAME',
        'PATH',
        'SHELL',
        'TERM',
        'TMPDIR',
        'TZ',
        'USER',
        '__CF_USER_TEXT_ENCODING',
        // Custom CA bundles of the common runtimes, so that a server trusts what the agent trusts.
        'BUNDLE_SSL_CA_CERT',
        'CARGO_HTTP_CAINFO',
        'CODEX_CA_CERTIFICATE',
        'CURL_CA_BUNDLE',
        'GIT_SSL_CAINFO',
        'NODE_EXTRA_CA_CERTS',
        'NPM_CONFIG_CAFILE',
        'PIP_CERT',
        'REQUESTS_CA_BUNDLE',
        'SSL_CERT_FILE',
        'npm_config_cafile',
      ];

/** How a server is started; undefined where its command leads nowhere, as `mcp.config` reports. */
export function launchOf(
  { command, args, cwd, environment: own, variables }: StdioTransport,
  { cwd: agentFolder, environment, files }: { cwd: string; environment: Environment; files: Files },
): McpLaunch | undefined {
  const folder = resolve(agentFolder, cwd ?? '.');
  const resolution = resolveCommand(
    command,
    { folder, ownPath: own['PATH'], inheritedPath: environment['PATH'] },
    files,
  );
  if (resolution.kind !== 'found') return undefined;
  const handedOn = picked(
    environment,
    variables.map(({ name }) => name),
  );
  const shown = describeArguments(args);
  return {
    path: resolution.path,
    args,
    cwd: folder,
    environment: { ...picked(environment, INHERITED), ...handedOn, ...own },
    secrets: [
      ...Object.values(own),
      ...Object.values(handedOn),
      ...args.filter((argument, index) => shown[index] !== argument),
    ],
  };
}

function picked(environment: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
