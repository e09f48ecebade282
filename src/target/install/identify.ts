import { basename, dirname, join, sep } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Profile } from '../profile.ts';
import { programKind } from './executable.ts';
import type { Installation, InstallMethod } from './facts.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { examineProgram, nativeProgramOf, PLATFORM_VERSION } from './native.ts';
import type { ProgramMachine } from './native.ts';
import { nodeManagerOf, ownerOfPackage, withSlashes } from './owner.ts';

export interface IdentifyOptions {
  readonly profile: Profile;
  /** Home of the agent; its installer keeps releases there. */
  readonly home: string;
  readonly machine: ProgramMachine;
  readonly files: Files;
}

/** Deepest folder of a package in which a program stands: `vendor/<target>/bin` in a nested scope, with room to spare. */
const MAX_ANCESTORS = 12;
/** Describes a release as the installer unpacks it. */
const RELEASE_MANIFEST = 'codex-package.json';

/**
 * The copy of the agent to which a program file belongs, or undefined when nothing proves that it is one.
 * @param file canonical path
 */
export function installationOf(file: string, options: IdentifyOptions): Installation | undefined {
  return (
    releaseOf(file, options) ?? buildOf(file, options) ?? brewOf(file, options) ?? packageOf(file, options)
  );
}

/** The nearest folder above a file that holds a manifest with a name, as Node.js understands a package. */
export function nearestPackage(
  file: string,
  files: Files,
): { readonly folder: string; readonly manifest: Manifest } | undefined {
  for (const folder of ancestors(file)) {
    const manifest = readManifest(folder, 'package.json', files);
    if (manifest?.name !== undefined) return { folder, manifest };
  }
  return undefined;
}

/** The copy whose package stands in a folder. */
export function installationIn(folder: string, options: IdentifyOptions): Installation | undefined {
  const { profile, files, machine } = options;
  const manifest = readManifest(folder, 'package.json', files);
  if (manifest?.name !== profile.packageName) return undefined;
  const { method, updateCommand } = ownerOfPackage(folder, profile.packageName, files);
  const entry = join(folder, profile.install.entry);
  const native = profile.install.isNativeLauncher
    ? nativeProgramOf(folder, { packageName: profile.packageName, machine, files })
    : undefined;
  return {
    method,
    version: manifest.version,
    packageRoot: folder,
    executable: native?.kind === 'present' ? native.path : entry,
    native,
    nodeManager: nodeManagerOf(folder),
    requiredNodeMajor: lowestMajor(manifest.nodeRange),
    updateCommand,
  };
}

function packageOf(file: string, options: IdentifyOptions): Installation | undefined {
  const { profile, files } = options;
  const found = nearestPackage(file, files);
  if (found?.manifest.name !== profile.packageName) return undefined;
  const platformVersion = PLATFORM_VERSION.exec(found.manifest.version ?? '')?.[1];
  if (platformVersion === undefined) return installationIn(found.folder, options);
  // The platform package, started past its launcher: the launcher beside it says who installed both.
  const launcher = join(dirname(found.folder), basename(profile.packageName));
  const { method, updateCommand } = ownerOfPackage(
    files.look(launcher).kind === 'found' ? launcher : found.folder,
    profile.packageName,
    files,
  );
  return unlaunched(
    file,
    { method, version: platformVersion, packageRoot: found.folder, updateCommand },
    files,
  );
}

/** A release folder: from the installer under the agent's home, or unpacked by hand with its manifest. */
function releaseOf(file: string, { profile, home, files }: IdentifyOptions): Installation | undefined {
  const releases = files.realpath(join(home, profile.install.standaloneFolder, 'releases'));
  if (releases !== undefined && file.startsWith(releases + sep)) {
    const release = file.slice(releases.length + 1).split(sep)[0] ?? '';
    const packageRoot = join(releases, release);
    const version = readManifest(packageRoot, RELEASE_MANIFEST, files)?.version ?? versionIn(release);
    const updateCommand = `${profile.command} update`;
    return unlaunched(file, { method: 'standalone', version, packageRoot, updateCommand }, files);
  }
  const packageRoot = ancestors(file)
    .slice(0, 2)
    .find((folder) => files.look(join(folder, RELEASE_MANIFEST)).kind === 'found');
  if (packageRoot === undefined || withSlashes(packageRoot).includes('/node_modules/')) return undefined;
  const version = readManifest(packageRoot, RELEASE_MANIFEST, files)?.version;
  return unlaunched(file, { method: 'other', version, packageRoot, updateCommand: undefined }, files);
}

function buildOf(file: string, { profile, files }: IdentifyOptions): Installation | undefined {
  const match = /^(.*)\/target\/(?:[^/]+\/)?(?:debug|release)\/[^/]+$/u.exec(withSlashes(file));
  if (!match || !profile.install.isNativeLauncher) return undefined;
  return unlaunched(
    file,
    { method: 'local build', version: undefined, packageRoot: dirname(file), updateCommand: undefined },
    files,
  );
}

/** Homebrew keeps each version of a formula or cask in a folder of that name. */
function brewOf(file: string, { profile, files }: IdentifyOptions): Installation | undefined {
  const match = /^(.*\/(Caskroom|Cellar)\/([^/]+)\/([^/]+))\//u.exec(withSlashes(file));
  if (!match || match[3] !== profile.command) return undefined;
  const [, packageRoot, kind, , version] = match;
  const updateCommand = `brew upgrade ${kind === 'Caskroom' ? '--cask ' : ''}${profile.command}`;
  return unlaunched(
    file,
    { method: 'brew', version: version?.replace(/_\d+$/u, ''), packageRoot, updateCommand },
    files,
  );
}

interface NativeCopy {
  readonly method: InstallMethod;
  readonly version: string | undefined;
  readonly packageRoot: string | undefined;
  readonly updateCommand: string | undefined;
}

/** A copy that is started without a launcher. A script in its place is the agent's own business, not a broken program. */
function unlaunched(file: string, copy: NativeCopy, files: Files): Installation {
  const isScript = programKind(file, files).kind === 'script';
  return {
    ...copy,
    executable: file,
    native: isScript ? undefined : examineProgram(file, copy.version, files),
    nodeManager: undefined,
    requiredNodeMajor: undefined,
  };
}

function ancestors(file: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); folders.length < MAX_ANCESTORS; folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) break;
  }
  return folders;
}

const versionIn = (release: string): string | undefined =>
  /^\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[0-9.]*)?/u.exec(release)?.[0];

const lowestMajor = (range: string | undefined): number | undefined => {
  const major = /^\s*>=?\s*(\d{1,4})/u.exec(range ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
};
