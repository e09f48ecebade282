import { readdirSync, readFileSync } from 'node:fs';

/**
 * Programs that were started in a session of their own (setsid(2)) with everything that they started. A Ctrl-C at our
 * terminal does not reach them, so whoever starts one sees to its end.
 */

/** How long a program may take to shut down by itself. */
const GRACE_MS = 2_000;
const POLL_MS = 20;

const watched = new Set<number>();
let isWatching = false;

/**
 * From now on a session ends with this process, however this process exits.
 * @param leader process id of the program that the session was made for
 * @returns forgets it
 */
export function watchSession(leader: number): () => void {
  if (!isWatching) {
    process.once('exit', () => {
      for (const each of watched) signalSession(each, 'SIGKILL');
    });
    isWatching = true;
  }
  watched.add(leader);
  return () => void watched.delete(leader);
}

/**
 * Sends a signal to a program and to everything that it started and did not put into another session. Job control puts
 * programs into groups of their own, so on Linux the whole session is asked for.
 */
export function signalSession(leader: number, signal: NodeJS.Signals): void {
  // Windows has neither; there the program alone gets it.
  if (process.platform === 'win32') send(leader, signal);
  else {
    send(-leader, signal);
    for (const group of new Set(membersOf(leader).map((member) => member.group)))
      if (group !== leader) send(-group, signal);
  }
}

/** Whether anything of a session still runs. */
export function isSessionAlive(leader: number): boolean {
  if (process.platform === 'linux') return membersOf(leader).length > 0;
  return send(process.platform === 'win32' ? leader : -leader, ASK);
}

/** Signal 0 is not delivered; sending it only asks whether it could be. */
const ASK = 0;

/**
 * Asks a session to end, and kills what is left of it after a while. Resolves when nothing of it runs, or was killed.
 * @param signals sent first, in this order
 */
export async function endSession(
  leader: number,
  {
    signals = ['SIGTERM'],
    graceMs = GRACE_MS,
  }: { readonly signals?: readonly NodeJS.Signals[]; readonly graceMs?: number } = {},
): Promise<void> {
  if (!isSessionAlive(leader)) return;
  for (const signal of signals) signalSession(leader, signal);
  for (let waited = 0; waited < graceMs; waited += POLL_MS) {
    // oxlint-disable-next-line no-await-in-loop -- it is a wait
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS));
    if (!isSessionAlive(leader)) return;
  }
  signalSession(leader, 'SIGKILL');
}

interface Member {
  readonly pid: number;
  readonly group: number;
}

/** Linux only; empty elsewhere. A zombie runs no more code and is left out. */
function membersOf(leader: number): Member[] {
  return processIds().flatMap((pid) => {
    const stat = statOf(pid);
    // The second field is the program's name in parentheses and may hold anything, parentheses too.
    const [state, , group, session] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    const isMember = Number(session) === leader && state !== 'Z' && state !== 'X';
    return isMember ? [{ pid, group: Number(group) }] : [];
  });
}

function processIds(): number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
}

function send(target: number, signal: NodeJS.Signals | typeof ASK): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    // It is gone already.
    return false;
  }
}
