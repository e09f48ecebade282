import { dirname, join } from 'node:path';
import type { Files } from '../../host/files.ts';
import type { Machine } from '../../host/machine.ts';
import { programKind } from './executable.ts';
import type { NativeProgram } from './facts.ts';
import { readManifest } from './manifest.ts';

/** The machine that a program would have to run on. */
export type ProgramMachine = Pick<Machine, 'platform' | 'architecture'>;

/** Rust's names for the operating systems and processors, as the folders of the platform package spell them. */
const TARGETS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
  'win32-x64': 'x86_64-pc-windows-msvc',
  'win32-arm64': 'aarch64-pc-windows-msvc',
};

/** Version of a platform package: the version of the launcher and the platform that it was built for. */
export const PLATFORM_VERSION = /^(.*?)-(?:linux|darwin|win32)-(?:x64|arm64)$/u;

/**
 * The native program that a launcher package would start, looked for as Node.js resolves the platform package and then
 * where older releases carried it.
 */
export function nativeProgramOf(
  packageRoot: string,
  { packageName, machine, files }: { packageName: string; machine: ProgramMachine; files: Files },
): NativeProgram {
  const platform = `${machine.platform === 'android' ? 'linux' : machine.platform}-${machine.architecture}`;
  const wanted = `${packageName}-${platform}`;
  const target = TARGETS[platform] ?? platform;
  const name = machine.platform === 'win32' ? 'codex.exe' : 'codex';
  const folder = resolvePackage(packageRoot, wanted, files);
  const vendor = join(folder ?? packageRoot, 'vendor', target);
  const places = [join(vendor, 'bin', name), join(vendor, 'codex', name)];
  const place = places.find((candidate) => files.look(candidate).kind !== 'missing');
  const path = place && (files.realpath(place) ?? place);
  if (path !== undefined)
    return examineProgram(path, folder && readManifest(folder, 'package.json', files)?.version, files);
  if (folder !== undefined) return { kind: 'damaged', path: places[0] ?? vendor, reason: 'is missing' };
  const others = Object.keys(TARGETS)
    .map((other) => `${packageName}-${other}`)
    .filter((other) => resolvePackage(packageRoot, other, files) !== undefined);
  return { kind: 'absent', wanted, others };
}

/** What a native program file is, or why it cannot be one. */
export function examineProgram(
  path: string,
  packageVersion: string | undefined,
  files: Files,
): NativeProgram {
  const seen = files.look(path);
  if (seen.kind !== 'found') return { kind: 'damaged', path, reason: `cannot be read (${seen.kind})` };
  if (seen.type !== 'file') return { kind: 'damaged', path, reason: `is a ${seen.type}` };
  const program = programKind(path, files);
  if (program.kind === 'empty') return { kind: 'damaged', path, reason: 'is empty' };
  if (program.kind !== 'native') return { kind: 'damaged', path, reason: 'is not a native program' };
  if (process.platform !== 'win32' && (seen.mode & 0o111) === 0)
    return { kind: 'damaged', path, reason: 'is not executable' };
  const version = packageVersion && (PLATFORM_VERSION.exec(packageVersion)?.[1] ?? packageVersion);
  return { kind: 'present', path, version, os: program.os, architectures: program.architectures };
}

/** Node.js' own search: `node_modules` of the package, then of every folder above it. */
function resolvePackage(from: string, name: string, files: Files): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (files.look(join(candidate, 'package.json')).kind === 'found') return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
