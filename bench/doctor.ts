// Wall time and memory of the built doctor against the real agent's own doctor, on the same homes in the same run. Prints
// ratios; nothing is asserted, since a machine's mood is no fault of the code.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startFaultServer } from '../fixtures/lab/fault-server.ts';
import { agentEnvironment, makeHome } from '../fixtures/real/home.ts';
import { CACHE, installAgent } from '../fixtures/real/agent.ts';
import { startModel } from '../fixtures/real/model.ts';
import { growHome } from './large-home.ts';
import { measure } from './measure.ts';
import type { Command, Measured } from './measure.ts';

/** Share of the peer's wall time that we allow ourselves. */
const TARGETS = { small: 1, real: 1, large: 0.6, start: 1.5, online: 2, silent: 1 } as const;
const PEAK_MIB = 90;

const root = join(import.meta.dirname, '..');
mkdirSync(CACHE, { recursive: true });
const folder = realpathSync(mkdtempSync(join(CACHE, 'bench-')));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const agent = installAgent();
  const born = await startModel(agent.modelServer);
  const place = await makeHome({ root: folder, agent, modelUrl: born.baseUrl });
  await born.stop();
  const launcher = join(packageLike(join(folder, 'package')), 'bin', 'stethos.js');
  const small = join(folder, 'small');
  mkdirSync(small);
  const large = join(folder, 'large');
  cpSync(place.home, large, { recursive: true, preserveTimestamps: true });
  growHome(large, place.home);

  const start: Command = { file: process.execPath, args: ['-e', '0'], cwd: place.project, env: {} };
  // With a user directory, as in the runs below, so that compiled code is kept between runs.
  const load: Command = { ...start, args: [launcher, 'doctor', '--list'], env: { HOME: place.user } };
  const [bare, loaded] = await measure([start, load]);
  const share = { nodeMs: bare?.medianMs ?? 0, programMs: (loaded?.medianMs ?? 0) - (bare?.medianMs ?? 0) };
  for (const flag of ['--version', '--help']) {
    const ours: Command = { ...start, args: [launcher, flag] };
    print(`${flag} against node -e 0`, await measure([ours, start]), TARGETS.start);
  }
  const commands = (home: string, ...options: string[]): readonly [Command, Command] => {
    const env = { ...agentEnvironment({ place, home }), PATH: `${agent.bin}:${process.env['PATH'] ?? ''}` };
    const cwd = place.project;
    return [
      { file: process.execPath, args: [launcher, 'doctor', '--json', ...options], cwd, env },
      { file: agent.binary, args: ['doctor', '--json'], cwd, env },
    ];
  };
  for (const [name, home] of Object.entries({ small, real: place.home, large })) {
    const measured = await measure(commands(home, '--offline'));
    print(`${name} home`, measured, TARGETS[name as keyof typeof TARGETS]);
    explain(measured[0], share);
  }

  await using held = new AsyncDisposableStack();
  const model = await startModel(agent.modelServer);
  held.defer(() => model.stop());
  const server = held.use(await startFaultServer({ '*': 'silent' }));
  copyLogin(place.home, small);
  for (const [name, home] of Object.entries({ small, real: place.home })) {
    moveProvider(home, model.baseUrl);
    print(`${name} home, online`, await measure(commands(home)), TARGETS.online);
  }
  moveProvider(small, server.url('/v1'));
  appendFileSync(join(small, 'config.toml'), `\n[mcp_servers.notes]\nurl = "${server.url('/mcp')}"\n`);
  print('every endpoint silent', await measure(commands(small), { warmUp: 0, rounds: 1 }), TARGETS.silent);
}

/** What a home needs so that its provider is asked, and nothing else. */
function copyLogin(from: string, to: string): void {
  for (const file of ['auth.json', 'config.toml']) cpSync(join(from, file), join(to, file));
}

function moveProvider(home: string, baseUrl: string): void {
  const file = join(home, 'config.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^base_url = .*$/m, `base_url = "${baseUrl}"`));
}

/** The package as npm would unpack it: without the sources, so that the launcher takes the bundle. */
function packageLike(target: string): string {
  for (const part of ['bin', 'dist', 'docs', 'package.json'])
    cpSync(join(root, part), join(target, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
  return target;
}

function print(name: string, [ours, peer]: readonly Measured[], target: number): void {
  if (!ours || !peer) return;
  const ratio = ours.medianMs / peer.medianMs;
  const verdict = ratio <= target ? 'met' : 'missed';
  const memory = `${ours.peakMiB.toFixed(0)} MiB against ${peer.peakMiB.toFixed(0)}${ours.peakMiB <= PEAK_MIB ? '' : `, over the ${PEAK_MIB} allowed`}`;
  console.log(
    `${name.padEnd(28)} ${ratio.toFixed(2)}x (at most ${target}x: ${verdict})  ${ours.medianMs.toFixed(1)} ms against ${peer.medianMs.toFixed(1)} ms  ${memory}`,
  );
}

/** Where the time of a run goes: what starting costs before the first look at a home is the same for every home. */
function explain(
  ours: Measured | undefined,
  { nodeMs, programMs }: { nodeMs: number; programMs: number },
): void {
  if (!ours) return;
  const restMs = ours.medianMs - nodeMs - programMs;
  console.log(
    `${''.padEnd(28)} of which Node.js ${nodeMs.toFixed(0)} ms, loading the program ${programMs.toFixed(0)} ms, examination and report ${restMs.toFixed(0)} ms`,
  );
}
