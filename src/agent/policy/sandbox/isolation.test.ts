import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runProcess } from '../../../host/spawn.ts';
import type { SandboxPolicy } from '../policy.ts';
import { createSandbox } from './create-sandbox.ts';

type WorkspaceWrite = Extract<SandboxPolicy, { type: 'workspace-write' }>;
const WORKSPACE: WorkspaceWrite = {
  type: 'workspace-write',
  writable_roots: [],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: true,
};
const TIMEOUT_MS = 20_000;

const sandbox = createSandbox({ searchPath: process.env['PATH'], cwd: '/', userDirectory: '/root' });
const launchOf = (script: string, cwd: string) => ({
  argv: ['/bin/sh', '-c', script],
  cwd,
  env: { PATH: '/usr/bin:/bin' },
});

// A fact, and not a choice: where bubblewrap cannot make namespaces there is nothing to be proven but the refusal.
const trial = await sandbox.wrap(launchOf(':', '/'), { type: 'read-only' }, '/');
const isIsolating = trial.kind === 'ready';
process.stderr.write(
  `sandbox of this machine: ${trial.kind === 'ready' ? trial.mechanism : trial.message}\n`,
);

let base: string;
let workspace: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'stethos-sandbox-')));
  workspace = join(base, 'work');
  mkdirSync(workspace);
});
afterEach(() => rmSync(base, { recursive: true }));

async function run(
  script: string,
  policy: Partial<WorkspaceWrite> | { readonly type: 'read-only' } = {},
  cwd = workspace,
) {
  const wrapped = await sandbox.wrap(launchOf(script, cwd), { ...WORKSPACE, ...policy }, workspace);
  if (wrapped.kind !== 'ready') throw new Error(wrapped.message);
  const { launch } = wrapped;
  const [program = '', ...rest] = launch.argv;
  try {
    const outcome = await runProcess(program, rest, { ...launch, timeoutMs: TIMEOUT_MS });
    if (outcome.kind !== 'exited') throw new Error(JSON.stringify(outcome));
    return outcome;
  } finally {
    wrapped.release();
  }
}

const connect = (where: string): string => {
  const program = [
    `require("net").connect(${where})`,
    '.on("connect", () => { console.log("connected"); process.exit(); })',
    '.on("error", ({ code }) => console.log(code))',
  ].join('');
  return `'${process.execPath}' -e '${program}'`;
};

const isolation = () => {
  test('the working directory can be written, and nothing outside', async () => {
    const { stdout } = await run('echo a > inside; echo b > ../outside || echo denied; cat inside');
    expect(stdout).toBe('denied\na\n');
    expect(readFileSync(join(workspace, 'inside'), 'utf8')).toBe('a\n');
    expect(existsSync(join(base, 'outside'))).toBe(false);
  });

  test('a read-only policy lets nothing be written, and everything be read', async () => {
    writeFileSync(join(workspace, 'file'), 'text\n');
    const { stdout } = await run('cat file; echo x > file || echo denied; echo x > /tmp/x || echo denied', {
      type: 'read-only',
    });
    expect(stdout).toBe('text\ndenied\ndenied\n');
  });

  test('a command that starts elsewhere gets no rights there', async () => {
    const elsewhere = join(base, 'elsewhere');
    mkdirSync(elsewhere);
    const { stdout } = await run('pwd; echo x > file || echo denied', {}, elsewhere);
    expect(stdout).toBe(`${elsewhere}\ndenied\n`);
  });

  test.each(['.git', '.codex', '.stethos', '.agents'])(
    '%s cannot be changed, made or moved',
    async (name) => {
      const make = await run(`mkdir ${name} || echo x > ${name}/config; mv ${name} other || echo denied`);
      expect(make.stdout).toBe('denied\n');
      expect(existsSync(join(workspace, name)), 'nothing is left of the shield').toBe(false);
      mkdirSync(join(workspace, name));
      writeFileSync(join(workspace, name, 'config'), 'old');
      await run(`echo new > ${name}/config; rm -rf ${name}; mv ${name} other; chmod 777 ${name}`);
      expect(readFileSync(join(workspace, name, 'config'), 'utf8')).toBe('old');
    },
  );

  test('a shield stays until the last launch that needs it has ended', async () => {
    const first = await sandbox.wrap(launchOf(':', workspace), WORKSPACE, workspace);
    await run(':');
    expect(existsSync(join(workspace, '.git'))).toBe(true);
    if (first.kind === 'ready') first.release();
    expect(existsSync(join(workspace, '.git'))).toBe(false);
  });

  test('a protected folder that is a link is refused: the link could be replaced', async () => {
    mkdirSync(join(workspace, 'elsewhere'));
    symlinkSync('elsewhere', join(workspace, '.git'));
    await expect(run('rm .git')).rejects.toThrow(/\.git is a symbolic link/);
  });

  test('no link leads out', async () => {
    mkdirSync(join(base, 'outside'));
    symlinkSync(join(base, 'outside'), join(workspace, 'link'));
    const { stdout } = await run('echo x > link/file || echo denied');
    expect(stdout).toBe('denied\n');
    expect(existsSync(join(base, 'outside', 'file'))).toBe(false);
  });

  test('a workspace that a command moves away and replaces by a link gives no rights to where it leads', async () => {
    const inner = join(workspace, 'inner');
    const victim = join(base, 'victim');
    mkdirSync(inner);
    mkdirSync(victim);
    const policy = { ...WORKSPACE, writable_roots: [workspace] };
    const attempt = async (script: string): Promise<void> => {
      const wrapped = await sandbox.wrap(launchOf(script, workspace), policy, inner);
      if (wrapped.kind !== 'ready') throw new Error(wrapped.message);
      const [program = '', ...rest] = wrapped.launch.argv;
      await runProcess(program, rest, { ...wrapped.launch, timeoutMs: TIMEOUT_MS });
      wrapped.release();
    };
    await attempt(`mv inner moved && ln -s ${victim} inner`);
    await attempt('echo x > inner/file; echo x > proof');
    expect(existsSync(join(workspace, 'proof'))).toBe(true);
    expect(existsSync(join(victim, 'file'))).toBe(false);
  });

  test('a workspace in another root cannot be moved away to change what is protected in it', async () => {
    const inner = join(workspace, 'deep', 'inner');
    mkdirSync(join(inner, '.git'), { recursive: true });
    const policy = { ...WORKSPACE, writable_roots: [workspace] };
    const attempt = async (script: string): Promise<string> => {
      const wrapped = await sandbox.wrap(launchOf(script, workspace), policy, inner);
      if (wrapped.kind !== 'ready') throw new Error(wrapped.message);
      const [program = '', ...rest] = wrapped.launch.argv;
      const outcome = await runProcess(program, rest, { ...wrapped.launch, timeoutMs: TIMEOUT_MS });
      wrapped.release();
      return outcome.kind === 'exited' ? outcome.stdout : outcome.kind;
    };
    const moves = 'mv deep/inner moved || echo denied; mv deep moved || echo denied';
    expect(await attempt(`${moves}; echo x > deep/inner/file && echo written`)).toBe(
      'denied\ndenied\nwritten\n',
    );
    await attempt(
      'echo x > moved/.git/hook || echo x > moved/inner/.git/hook; mv moved deep/inner || mv moved deep',
    );
    expect(readdirSync(join(inner, '.git'))).toEqual([]);
  });

  test('/tmp and $TMPDIR can be written as far as the policy has them', async () => {
    const script = 'f=$(mktemp /tmp/stethos-XXXXXX) && rm "$f" && echo written || echo denied';
    expect((await run(script)).stdout).toBe('denied\n');
    expect((await run(script, { exclude_slash_tmp: false })).stdout).toBe('written\n');
  });

  test('named roots can be written; one that does not exist is left out', async () => {
    const roots = [join(base, 'more'), join(base, 'missing'), join(workspace, 'later')];
    mkdirSync(join(base, 'more'));
    const script =
      'echo x > ../more/file && echo written; mkdir ../missing || echo denied; mkdir later && echo made';
    expect((await run(script, { writable_roots: roots })).stdout).toBe('written\ndenied\nmade\n');
    expect(existsSync(join(base, 'missing'))).toBe(false);
  });

  test('nobody inside has capabilities, or sees processes outside', async () => {
    const { stdout } = await run(
      `grep CapEff /proc/self/status; ls -d /proc/${process.pid} || echo unseen; mount -o remount,rw / || echo held`,
    );
    expect(stdout).toBe('CapEff:\t0000000000000000\nunseen\nheld\n');
  });

  test('what the command left running ends with it', async () => {
    await run('(sleep 0.3; echo late > late) & echo started');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(existsSync(join(workspace, 'late'))).toBe(false);
  });

  describe('the network', () => {
    let tcp: Server;
    let unix: Server;
    let folder: string;
    let port: number;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'stethos-socket-'));
      [tcp, unix] = [createServer((socket) => socket.end()), createServer((socket) => socket.end())];
      await new Promise<void>((resolve) => void tcp.listen(0, '127.0.0.1', resolve));
      await new Promise<void>((resolve) => void unix.listen(join(folder, 'socket'), resolve));
      const address = tcp.address();
      port = typeof address === 'object' && address ? address.port : 0;
    });
    afterAll(() => {
      tcp.close();
      unix.close();
      rmSync(folder, { recursive: true });
    });
    test('is out of reach, also over the socket of a file', async () => {
      expect((await run(connect(`${port}, "127.0.0.1"`))).stdout).toBe('ECONNREFUSED\n');
      expect((await run(connect(`"${folder}/socket"`))).stdout).toMatch(/^E(?:PERM|ACCES)/);
      const { stdout } = await run('echo $CODEX_SANDBOX_NETWORK_DISABLED');
      expect(stdout).toBe('1\n');
    });

    test('is within reach where the policy has it', async () => {
      const policy = { network_access: true };
      expect((await run(connect(`${port}, "127.0.0.1"`), policy)).stdout).toBe('connected\n');
      expect((await run(connect(`"${folder}/socket"`), policy)).stdout).toBe('connected\n');
    });

    test('a program may still talk to its children', async () => {
      const program = 'require("child_process").execFileSync("/bin/echo", ["piped"], { stdio: [0, 1, 2] })';
      expect((await run(`'${process.execPath}' -e '${program}'`)).stdout).toBe('piped\n');
    });
  });

  test('the exit code is the command’s', async () => {
    expect((await run('exit 7')).exitCode).toBe(7);
    expect((await run('kill -TERM $$')).exitCode).toBe(143);
  });
};

const refusal = () => {
  test('nothing runs: the policy, the reason and the remedy are told', () => {
    expect(trial).toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/was not run.*read-only.*because.*danger-full-access/) as string,
    });
  });
};

describe('a sandbox of this machine', () => {
  const tests = isIsolating ? isolation : refusal;
  tests();
});
