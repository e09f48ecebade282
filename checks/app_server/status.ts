import { conclude, defineCheck, idle, skip, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import { isOutOfReach } from '../../src/target/home.ts';
import { findDaemon, runningServer } from '../../src/target/install/daemon.ts';
import type { ControlSocket, DaemonFacts, NamedProcess, PidFile } from '../../src/target/install/daemon.ts';
import { shellPath } from '../../src/host/shell-path.ts';
import { versionIssues } from './version.ts';

interface Evidence {
  readonly isHomeOutOfReach: boolean;
  readonly daemon: DaemonFacts;
  /** The agent's command, for remedies. */
  readonly command: string;
  readonly cliVersion: string | undefined;
  readonly nowMs: number;
}

/** The pid file is written before the server listens; this long it may take to open its socket. */
const START_GRACE_MS = 10_000;

export default defineCheck({
  id: 'app_server.status',
  section: 'Background Server',
  category: 'app-server',
  title: 'The background server is either off or running as its files say',
  budgetMs: 2_000,
  probe: ({ target, files, processes, clock }): Evidence => {
    const { command, active } = target.install();
    return {
      isHomeOutOfReach: isOutOfReach(target.home.path, files),
      daemon: findDaemon({ home: target.home, files, processes }),
      command,
      cliVersion: active?.version,
      nowMs: clock.now(),
    };
  },
  judge: (seen) => {
    const { daemon } = seen;
    if (seen.isHomeOutOfReach)
      return skip({ because: 'state.paths', summary: 'not looked at: the home cannot be used' });
    const issues = [...fileIssues(seen), ...stateIssues(seen), ...versionIssues(daemon, seen)];
    const server = runningServer(daemon);
    const details = detailsOf(seen, server);
    if (issues.length === 0 && !server && daemon.socket.state === 'missing')
      return idle({ summary: 'background server is not running', details });
    return conclude({ summary: summaryOf(daemon, server), details, issues });
  },
});

function summaryOf({ socket }: DaemonFacts, server: NamedProcess | undefined): string {
  if (server) return `background server is running${server.version ? ` (${server.version})` : ''}`;
  if (socket.state === 'listening') return 'background server is running, started by hand';
  return 'background server has a control socket; whether it answers cannot be seen on this system';
}

/** Files that are not what they should be, whatever runs. */
function fileIssues({ daemon, command }: Evidence): VerdictIssue[] {
  const { settings, pidFiles, socket } = daemon;
  const records = [
    { label: 'settings', path: settings.path, content: settings },
    ...pidFiles.map(({ label, path, content }) => ({ label, path, content })),
  ];
  const issues = records.flatMap(({ label, path, content }) =>
    content.kind === 'fault'
      ? [
          warn({
            class: content.class,
            cause: `${path} ${content.reason}`,
            measured: content.reason,
            expected:
              label === 'settings' ? 'the settings of the background server as JSON' : 'the id of a process',
            remedy: `Move ${path} away and run \`${command} app-server daemon restart\`; it writes a new one.`,
            fields: [label],
          }),
        ]
      : [],
  );
  if (socket.state === 'wrong_type' || socket.state === 'unreadable')
    issues.push(
      warn({
        class: socket.state === 'wrong_type' ? 'wrong_type' : 'permissions',
        cause:
          socket.state === 'wrong_type'
            ? `The control socket's place is taken by a ${socket.type ?? 'stranger'}`
            : 'The control socket cannot be looked at by this user',
        measured: socket.path,
        expected: 'a socket, or nothing',
        remedy:
          socket.state === 'wrong_type'
            ? `Move ${socket.path} away and run \`${command} app-server daemon restart\`.`
            : `Correct the permissions of ${socket.path} and of its folder.`,
        fields: ['control socket'],
      }),
    );
  return issues;
}

/** What the pid files claim against the processes and the socket that exist. */
function stateIssues(seen: Evidence): VerdictIssue[] {
  const { daemon, command, nowMs } = seen;
  const { pidFiles, socket } = daemon;
  const server = runningServer(daemon);
  const leftovers = pidFiles.filter(
    ({ content }) => content.kind === 'process' && content.state !== 'running',
  );
  const isDeaf = socket.state === 'dangling' || socket.state === 'silent';
  if (!server) return staleIssue({ leftovers, socket: isDeaf ? socket : undefined, command });

  const issues = staleIssue({ leftovers, socket: undefined, command });
  const isStarting =
    server.startedAtMs !== undefined && Math.abs(nowMs - server.startedAtMs) < START_GRACE_MS;
  if (!isStarting && (isDeaf || socket.state === 'missing'))
    issues.push(
      warn({
        class: isDeaf ? 'stale' : 'missing',
        cause: `The background server runs, but nobody can reach it: ${socketText(socket)}`,
        measured: `process ${server.pid} runs; ${socketText(socket)}`,
        expected: 'a control socket on which the server listens',
        remedy: `Restart it: \`${command} app-server daemon restart\`. Work that it has in hand is interrupted.`,
        command: `${command} app-server daemon restart`,
        fields: ['control socket', 'status'],
      }),
    );
  return issues;
}

/** Everything that a server left behind is one fault, not one for each file. */
function staleIssue({
  leftovers,
  socket,
  command,
}: {
  leftovers: readonly PidFile[];
  socket: ControlSocket | undefined;
  command: string;
}): VerdictIssue[] {
  const isServerGone = socket !== undefined || leftovers.some(({ role }) => role === 'server');
  const found = leftovers.map(leftoverText);
  if (socket) found.push(socketText(socket));
  if (found.length === 0) return [];
  const paths = [...leftovers.map(({ path }) => path), ...(socket ? [socket.path] : [])];
  const who = isServerGone ? 'background server' : 'update loop of the background server';
  const restarts = leftovers.some(
    ({ content }) => content.kind === 'process' && content.state === 'restarted',
  );
  return [
    warn({
      class: 'stale',
      cause: `The ${who} ended without cleaning up${restarts ? ', when this machine was restarted' : ''}`,
      measured: found.join('; '),
      expected: 'files of a running server, or none',
      remedy: `Start it again with \`${command} app-server daemon start\`, which replaces them; if you do not want a background server, remove them: ${paths.map(shellPath).join(' ')}.`,
      command: `${command} app-server daemon start`,
      fields: [...leftovers.map(({ label }) => label), ...(socket ? ['control socket'] : [])],
    }),
  ];
}

function leftoverText({ path, content }: PidFile): string {
  const pid = content.kind === 'process' ? content.pid : 0;
  const isReused = content.kind === 'process' && content.state === 'reused';
  return isReused
    ? `${path} names process ${pid}, whose number now belongs to another program`
    : `${path} names process ${pid}, which has ended`;
}

function socketText({ path, state }: ControlSocket): string {
  switch (state) {
    case 'missing':
      return `${path} is missing`;
    case 'dangling':
      return `${path} is a link to a socket that does not exist`;
    case 'silent':
      return `no process listens on ${path}`;
    case 'listening':
      return `a process listens on ${path}`;
    case 'unknown':
    case 'wrong_type':
    case 'unreadable':
      return `${path} (${state.replace('_', ' ')})`;
  }
}

function detailsOf({ daemon, cliVersion }: Evidence, server: NamedProcess | undefined) {
  const { folder, settings, pidFiles, socket, selectedVersion } = daemon;
  const isRunning = server !== undefined || socket.state === 'listening';
  return {
    'daemon state dir': folder,
    settings: `${settings.path} (${settings.kind === 'read' ? 'file' : settings.kind === 'fault' ? settings.reason : 'missing'})`,
    ...Object.fromEntries(pidFiles.map((file) => [file.label, `${file.path} (${pidText(file)})`])),
    'control socket': socket.path,
    'control socket state': socket.state.replace('_', ' '),
    status: isRunning ? 'running' : 'not running',
    pid: server?.pid,
    'started at': server?.startedAtMs === undefined ? undefined : new Date(server.startedAtMs).toISOString(),
    'app-server version': server ? (server.version ?? null) : undefined,
    'app-server executable': server?.executable,
    'selected version': selectedVersion,
    'command version': cliVersion,
    mode: settings.kind === 'read' ? 'persistent' : 'ephemeral',
  };
}

function pidText({ content }: PidFile): string {
  switch (content.kind) {
    case 'missing':
      return 'missing';
    case 'fault':
      return content.reason;
    case 'process':
      return `process ${content.pid}, ${content.state}`;
  }
}
