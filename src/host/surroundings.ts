import type { Files } from './files.ts';
import type { Machine } from './machine.ts';
import { firstLine } from './first-line.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by which automation systems make themselves known; the general one comes last. */
const CI_VARIABLES: Readonly<Record<string, string>> = {
  GITHUB_ACTIONS: 'GitHub Actions',
  GITLAB_CI: 'GitLab CI',
  CIRCLECI: 'CircleCI',
  BUILDKITE: 'Buildkite',
  JENKINS_URL: 'Jenkins',
  TF_BUILD: 'Azure Pipelines',
  TEAMCITY_VERSION: 'TeamCity',
  BITBUCKET_BUILD_NUMBER: 'Bitbucket Pipelines',
  CODEBUILD_BUILD_ID: 'AWS CodeBuild',
  TRAVIS: 'Travis CI',
  APPVEYOR: 'AppVeyor',
  DRONE: 'Drone',
  CI: 'unnamed CI',
};

/** The automation system that started this run, or undefined. Empty, `0` and `false` mean that there is none. */
export function automation(env: Environment): string | undefined {
  const variable = Object.keys(CI_VARIABLES).find((name) => !['', '0', 'false'].includes(env[name] ?? ''));
  return variable === undefined ? undefined : CI_VARIABLES[variable];
}

/** Which kind of container this is, as far as it shows; undefined outside any. */
export function containerKind(env: Environment, files: Files): string | undefined {
  if (env['CODESPACES'] === 'true') return 'GitHub Codespaces';
  if (env['KUBERNETES_SERVICE_HOST']) return 'kubernetes';
  // systemd's convention, also set by podman, toolbox and flatpak.
  if (env['container']) return firstLine(env['container']);
  if (files.look('/run/.containerenv').kind === 'found') return 'podman';
  if (files.look('/.dockerenv').kind === 'found') return 'docker';
  const groups = files.readText('/proc/1/cgroup', { maxBytes: 16 * 1024 });
  if (groups.kind !== 'read') return undefined;
  return /\b(docker|kubepods|containerd|lxc|libpod)\b/.exec(groups.text)?.[1];
}

/** `WSL 1` or `WSL 2` inside Windows' subsystem for Linux, otherwise undefined. */
export function windowsSubsystem(machine: Machine): string | undefined {
  if (machine.platform !== 'linux' || !/microsoft/i.test(machine.kernel)) return undefined;
  // Version 1 imitates a kernel and says `Microsoft`; version 2 is one, and says `microsoft-standard`.
  return /microsoft-standard|WSL2/i.test(machine.kernel) ? 'WSL 2' : 'WSL 1';
}

const LOCAL_TIME = '/etc/localtime';

/** Name of the time zone from `TZ` or the system's setting; the language runtime's own answer would cost 10 ms. */
export function timeZone(env: Environment, files: Files): string | undefined {
  const named = env['TZ']?.replace(/^:/, '');
  if (named) return firstLine(named);
  const zone = /[/]zoneinfo(?:\.default)?[/](.+)$/.exec(files.realpath(LOCAL_TIME) ?? '')?.[1];
  if (zone) return zone.replace(/^(?:posix|right)[/]/, '');
  const written = files.readText('/etc/timezone', { maxBytes: 256 });
  return written.kind === 'read' ? firstLine(written.text) || undefined : undefined;
}
