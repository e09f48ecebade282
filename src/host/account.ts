import { hostname, userInfo } from 'node:os';

/** The names of this account and this machine, as far as the system knows them. */
export function namesOfThisMachine(): { userName?: string; hostName: string } {
  const hostName = hostname();
  try {
    return { userName: userInfo().username, hostName };
  } catch {
    // Throws for an account without an entry in the account database, as in some containers.
    return { hostName };
  }
}
