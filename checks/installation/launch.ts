import { fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { Installation, NativeProgram } from '../../src/target/install/facts.ts';
import type { ProgramMachine } from '../../src/target/install/native.ts';
import type { NodeOnPath } from '../../src/target/install/node.ts';

export interface LaunchFacts {
  readonly command: string;
  readonly packageName: string;
  readonly machine: ProgramMachine;
  /** Undefined: none on the search path. */
  readonly node: NodeOnPath | undefined;
}

/** Whether the copy that runs can start at all: its native program, and for a launcher script the Node.js under it. */
export function launchIssues(active: Installation, facts: LaunchFacts): VerdictIssue[] {
  return [...nodeIssues(active, facts), ...(active.native ? nativeIssues(active, active.native, facts) : [])];
}

function nodeIssues(
  { requiredNodeMajor, executable }: Installation,
  { command, node }: LaunchFacts,
): VerdictIssue[] {
  if (requiredNodeMajor === undefined) return [];
  if (node === undefined)
    return [
      fail({
        class: 'missing',
        cause: `${command} starts through a Node.js script, and no node stands on the search path`,
        measured: 'no node on PATH',
        expected: `Node.js ${requiredNodeMajor} or newer`,
        remedy: `Install Node.js, or add its folder to PATH; ${executable} cannot be reached without it.`,
        fields: ['node'],
      }),
    ];
  if (node.major === undefined || node.major >= requiredNodeMajor) return [];
  return [
    fail({
      class: 'mismatch',
      cause: `The Node.js that starts ${command} is too old`,
      measured: `Node.js ${node.major} at ${node.path}`,
      expected: `Node.js ${requiredNodeMajor} or newer`,
      remedy: `Put a newer Node.js before ${node.path} in PATH.`,
      fields: ['node'],
    }),
  ];
}

function nativeIssues(active: Installation, native: NativeProgram, facts: LaunchFacts): VerdictIssue[] {
  const { command, machine } = facts;
  const { command: reinstall, remedy } = reinstallation(active, facts);
  switch (native.kind) {
    case 'absent':
      return [
        fail({
          class: native.others.length === 0 ? 'missing' : 'mismatch',
          cause:
            native.others.length === 0
              ? `The npm package of ${command} is there, but the package with its native program is not`
              : `${command} was installed for another platform than this machine`,
          measured:
            native.others.length === 0
              ? `${native.wanted} is not installed`
              : `installed: ${native.others.join(', ')}`,
          expected: native.wanted,
          remedy: `${remedy} Optional dependencies must be allowed (no \`--omit=optional\`, no \`--no-optional\`).`,
          ...reinstall,
          fields: ['native program'],
        }),
      ];
    case 'damaged':
      return [
        fail({
          class: damageClass(native.reason),
          cause: `The native program of ${command} ${native.reason}`,
          measured: `${native.path} ${native.reason}`,
          expected: `an executable program for ${machine.platform} on ${machine.architecture}`,
          remedy: `${remedy} If it happens again, look whether security software removes or alters the file.`,
          ...reinstall,
          fields: ['native program'],
        }),
      ];
    case 'present':
      return [...platformIssues(native, facts, remedy), ...versionIssues(active, native, facts)];
  }
}

function platformIssues(
  { path, os, architectures }: Extract<NativeProgram, { kind: 'present' }>,
  { command, machine }: LaunchFacts,
  remedy: string,
): VerdictIssue[] {
  // macOS and Windows run programs of the other architecture through translation, and Node.js may be translated itself.
  const runs = os === machine.platform && (os !== 'linux' || architectures.includes(machine.architecture));
  if (runs) return [];
  return [
    fail({
      class: 'mismatch',
      cause: `The native program of ${command} was built for another platform`,
      measured: `${path} is for ${os} on ${architectures.join(', ')}`,
      expected: `${machine.platform} on ${machine.architecture}`,
      remedy,
      fields: ['native program'],
    }),
  ];
}

function versionIssues(
  active: Installation,
  native: Extract<NativeProgram, { kind: 'present' }>,
  facts: LaunchFacts,
): VerdictIssue[] {
  if (active.version === undefined || native.version === undefined || active.version === native.version)
    return [];
  const { command: reinstall, remedy } = reinstallation(active, facts);
  return [
    warn({
      class: 'mismatch',
      cause: `The launcher and the native program of ${facts.command} are of different versions`,
      measured: `launcher ${active.version}, native program ${native.version}`,
      expected: 'one version',
      remedy,
      ...reinstall,
      fields: ['install context', 'native program'],
    }),
  ];
}

function reinstallation({ updateCommand }: Installation, { command, packageName }: LaunchFacts) {
  return updateCommand === undefined
    ? { command: {}, remedy: `Install ${command} again (npm package ${packageName}).` }
    : { command: { command: updateCommand }, remedy: `Install it again: \`${updateCommand}\`.` };
}

function damageClass(reason: string): 'missing' | 'permissions' | 'malformed' {
  if (reason === 'is missing') return 'missing';
  return reason === 'is not executable' ? 'permissions' : 'malformed';
}
