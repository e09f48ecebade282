/** A database that the agent keeps, by the name it is spoken of in reports. */
export interface DatabaseProfile {
  readonly label: string;
  readonly file: string;
  /** What stops working when this file is damaged, in the user's words. */
  readonly breaks: string;
  /** The agent does not start when this database's schema is not as expected; without the others it does. */
  readonly neededToStart?: boolean;
  /** Stands in the configured `log_dir`, when there is one, instead of beside the others. */
  readonly followsLogDirectory?: boolean;
}

/** Everything that differs from one coding agent to the next. Data, so that one more agent is one more value. */
export interface Profile {
  readonly id: ProfileId;
  /** As the product spells itself. */
  readonly name: string;
  /** Its command on the search path. */
  readonly command: string;
  readonly packageName: string;
  readonly homeVariable: string;
  /** Relative to the user's home directory. */
  readonly defaultHome: string;
  readonly sqliteHomeVariable: string;
  readonly databases: readonly DatabaseProfile[];
  /** Login and logout commands that remedies name. */
  readonly loginCommand: string;
  /** Environment variables that can carry a credential, strongest first. */
  readonly credentialVariables: readonly string[];
  /** Custom CA bundle variables, strongest first. */
  readonly caVariables: readonly string[];
  readonly install: InstallLayout;
  readonly requests: RequestProfile;
  /** Where its newest release can be asked for, if it is published there. */
  readonly releases: ReleaseFeeds | undefined;
}

/** How the agent introduces itself to a model provider. */
export interface RequestProfile {
  /** Value of `originator`, and the program's name in `User-Agent`. */
  readonly originator: string;
  /** Value of `OpenAI-Beta` on the upgrade to a WebSocket. */
  readonly webSocketBeta: string;
  /** Version whose requests were recorded; stands in where that of the installed copy is not known. */
  readonly recordedVersion: string;
}

/** Public addresses that tell the newest release. */
export interface ReleaseFeeds {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** What stands before the version in a tag of a release. */
  readonly tagPrefix: string;
  readonly homebrewCask: string;
}

/** How the agent is published, as far as it can be told from files. */
export interface InstallLayout {
  /** The command's script inside the npm package. */
  readonly entry: string;
  /** The npm package is a launcher for a native program in `<packageName>-<os>-<architecture>`. */
  readonly isNativeLauncher: boolean;
  /** Home of the installer's own releases, relative to the agent's home. */
  readonly standaloneFolder: string;
  /** Prefix of the variables in which the launcher says who installed it, such as `CODEX_MANAGED_BY_NPM`. */
  readonly managedPrefix: string;
}

export type ProfileId = 'codex' | 'stethos';

const databases: readonly DatabaseProfile[] = [
  {
    label: 'state DB',
    file: 'state_5.sqlite',
    breaks: 'thread list, resume and search',
    neededToStart: true,
  },
  {
    label: 'log DB',
    file: 'logs_2.sqlite',
    breaks: 'logs attached to feedback',
    followsLogDirectory: true,
  },
  { label: 'goals DB', file: 'goals_1.sqlite', breaks: 'thread goals', neededToStart: true },
  { label: 'memories DB', file: 'memories_1.sqlite', breaks: 'memories', neededToStart: true },
  { label: 'memories v2 DB', file: 'memories_v2_1.sqlite', breaks: 'memories' },
  { label: 'queue DB', file: 'queue_1.sqlite', breaks: 'queued messages', neededToStart: true },
  { label: 'thread history DB', file: 'thread_history_1.sqlite', breaks: 'paging through long threads' },
];

export const codex: Profile = {
  id: 'codex',
  name: 'Codex',
  command: 'codex',
  packageName: '@openai/codex',
  homeVariable: 'CODEX_HOME',
  defaultHome: '.codex',
  sqliteHomeVariable: 'CODEX_SQLITE_HOME',
  databases,
  loginCommand: 'codex login',
  credentialVariables: ['CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'OPENAI_API_KEY'],
  caVariables: ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'],
  install: {
    entry: 'bin/codex.js',
    isNativeLauncher: true,
    standaloneFolder: 'packages/standalone',
    managedPrefix: 'CODEX_MANAGED',
  },
  requests: {
    originator: 'codex_cli_rs',
    webSocketBeta: 'responses_websockets=2026-02-06',
    recordedVersion: '0.169.0',
  },
  releases: { repository: 'openai/codex', tagPrefix: 'rust-v', homebrewCask: 'codex' },
};

/** The embedded core keeps its home in the same layout. */
export const stethos: Profile = {
  ...codex,
  id: 'stethos',
  name: 'stethos',
  command: 'stethos',
  packageName: 'stethos',
  homeVariable: 'STETHOS_HOME',
  defaultHome: '.stethos',
  sqliteHomeVariable: 'STETHOS_SQLITE_HOME',
  loginCommand: 'stethos login',
  install: {
    entry: 'bin/stethos.js',
    isNativeLauncher: false,
    standaloneFolder: 'packages/standalone',
    managedPrefix: 'STETHOS_MANAGED',
  },
  releases: undefined,
};

export const PROFILES: Readonly<Record<ProfileId, Profile>> = { codex, stethos };
