import type { FileType } from '../../host/files.ts';

/** Who installed a copy, and therefore who can update it. */
export type InstallMethod =
  | 'npm'
  /** A dependency of a project, not a global installation. */
  | 'npm project'
  | 'pnpm'
  | 'yarn'
  | 'bun'
  | 'vite+'
  | 'volta'
  | 'mise'
  | 'brew'
  | 'standalone'
  | 'local build'
  | 'other';

/** One copy of the agent, described from its metadata; nothing was run. */
export interface Installation {
  readonly method: InstallMethod;
  /** Undefined when no metadata tells. */
  readonly version: string | undefined;
  /** Canonical folder of the package or release. */
  readonly packageRoot: string | undefined;
  /** Canonical path of the native program, or of the launcher when the native program is not there. */
  readonly executable: string;
  /** For launchers of a native program: whether that program is there. */
  readonly native: NativeProgram | undefined;
  /** Version manager whose Node.js the package was installed into. */
  readonly nodeManager: string | undefined;
  /** Oldest Node.js major version that the launcher accepts. */
  readonly requiredNodeMajor: number | undefined;
  /** How to bring this copy up to date; undefined when there is no one command. */
  readonly updateCommand: string | undefined;
}

export type NativeProgram =
  | {
      readonly kind: 'present';
      readonly path: string;
      readonly version: string | undefined;
      readonly os: string;
      readonly architectures: readonly string[];
    }
  /** The platform package is there and its program is not, or is not a program. */
  | { readonly kind: 'damaged'; readonly path: string; readonly reason: string }
  /** No platform package for this machine. */
  | { readonly kind: 'absent'; readonly wanted: string; readonly others: readonly string[] };

/** What stands behind one entry of the search path. */
export type Identity =
  | { readonly kind: 'agent'; readonly installation: Installation }
  /** A version manager's stand-in; which copy it starts depends on the folder it is started from. */
  | { readonly kind: 'shim'; readonly manager: string; readonly candidates: readonly Installation[] }
  /** Not the agent, or not provably: `what` says what it is instead. */
  | { readonly kind: 'unrecognised'; readonly what: string; readonly isForeign: boolean }
  | { readonly kind: 'unusable'; readonly reason: UnusableReason; readonly type?: FileType };

export type UnusableReason = 'not_executable' | 'not_a_file' | 'dangling' | 'loop' | 'denied' | 'failed';

export interface CommandOnPath {
  /** As the shell would spell it. */
  readonly path: string;
  readonly realPath: string | undefined;
  readonly identity: Identity;
}

export interface InstallFacts {
  readonly command: string;
  readonly packageName: string;
  /** Every entry of that name on the search path, in search order. */
  readonly onPath: readonly CommandOnPath[];
  /** The entry that a shell would run. */
  readonly first: CommandOnPath | undefined;
  /** The copy that a shell would run, when it can be told. */
  readonly active: Installation | undefined;
  /** Copies found in well-known places, looked for only when none stands on the search path. */
  readonly elsewhere: readonly Installation[];
  /** What the launcher told its children; set only when the doctor runs inside the agent. */
  readonly managed: ManagedHints;
}

export interface ManagedHints {
  readonly by: Readonly<Record<ManagedBy, boolean>>;
  /** As given in the environment. */
  readonly packageRoot: string | undefined;
}

export const MANAGED_BY = ['npm', 'bun', 'pnpm', 'vite+'] as const;
export type ManagedBy = (typeof MANAGED_BY)[number];
