// Every planted fault of the network as the real agent's own doctor and as stethos see it, side by side. Both examine the
// same home against the same servers, one after the other; nothing is asserted here, the table test does that.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, installAgent } from '../fixtures/real/agent.ts';
import { finish } from '../fixtures/real/doctor.ts';
import { alarmsOf, examineNetwork } from '../fixtures/network-faults/examine.ts';
import { makeHome, withLab } from '../fixtures/network-faults/fault.ts';
import type { NetworkFault, Setup } from '../fixtures/network-faults/fault.ts';
import { networkFaults } from '../fixtures/network-faults/index.ts';

/** Servers that stay silent cost seconds, and little else. */
const AT_ONCE = 4;

interface Row {
  readonly fault: NetworkFault;
  readonly ours: string;
  readonly theirs: string;
  readonly isNamed: boolean;
}

const agent = installAgent();
mkdirSync(CACHE, { recursive: true });
// The agent makes no helper links in a home below the temporary folder, and says so in its report.
const outside = realpathSync(mkdtempSync(join(CACHE, 'verdicts-')));
const wanted = process.argv[2];
const faults = networkFaults.filter(({ name }) => wanted === undefined || name.includes(wanted));
try {
  const rows: Row[] = [];
  const queue = [...faults.entries()];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) rows[next[0]] = await compare(next[1]);
    }),
  );
  for (const row of rows) print(row);
  const planted = rows.filter(({ fault }) => Object.keys(fault.alarms).length > 0);
  const silent = planted.filter(({ theirs }) => theirs === 'ok');
  console.log(`\n${planted.length} planted faults, ${rows.length - planted.length} healthy set-ups`);
  console.log(
    `stethos names the expected class in ${rows.filter(({ isNamed }) => isNamed).length} of ${rows.length}`,
  );
  console.log(`the agent's own doctor reports nothing for ${silent.length} of the planted faults`);
} finally {
  rmSync(outside, { recursive: true, force: true });
}

function compare(fault: NetworkFault): Promise<Row> {
  return withLab(async (lab, folder) => {
    const setup = await fault.plant(lab);
    const home = makeHome(folder, setup);
    const found = alarmsOf(await examineNetwork(home, { setup, deep: fault.deep ?? false }));
    return {
      fault,
      ours: describe(found),
      theirs: await reference(home, setup),
      isNamed: describe(found) === describe(fault.alarms),
    };
  });
}

/** The rows with which the agent's own doctor finds fault. It writes into the home, so it gets a copy. */
async function reference(home: string, { env }: Setup): Promise<string> {
  const copy = mkdtempSync(join(outside, 'home-'));
  cpSync(home, copy, { recursive: true });
  const { stdout, stderr } = await finish(agent.binary, ['doctor', '--json', '--network-only'], {
    cwd: copy,
    env: { HOME: copy, CODEX_HOME: copy, PATH: '/usr/bin:/bin', ...env },
  });
  if (stdout === '') return `no report: ${stderr.trim().split('\n')[0] ?? ''}`;
  const { checks } = JSON.parse(stdout) as { checks: Record<string, ReferenceRow> };
  const bad = Object.values(checks).filter(({ status }) => status !== 'ok');
  return bad.length === 0 ? 'ok' : bad.map((row) => `${row.status} ${row.id}: ${saidBy(row)}`).join('\n');
}

interface ReferenceRow {
  readonly id: string;
  readonly status: string;
  readonly summary: string;
  readonly details: Readonly<Record<string, string | readonly string[]>>;
}

/** The summary, and the details that say more than it. */
function saidBy({ summary, details }: ReferenceRow): string {
  const telling = Object.entries(details).filter(([label]) =>
    /handshake|close|route probe|URL|error/.test(label),
  );
  return [summary, ...telling.map(([label, value]) => `${label}: ${String(value)}`)].join('; ');
}

function describe(alarms: Readonly<Record<string, string>>): string {
  const rows = Object.entries(alarms).map(([id, verdict]) => verdict.replace(' ', ` ${id}: `));
  return rows.length === 0 ? 'ok' : rows.toSorted().join('\n');
}

/** Behind the name of the program. */
function indent(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(12)}`);
}

function print({ fault, ours, theirs, isNamed }: Row): void {
  console.log(`\n${fault.name}${isNamed ? '' : '   (not as expected)'}`);
  console.log(`  stethos:  ${indent(ours)}`);
  console.log(`  codex:    ${indent(theirs)}`);
}
