import type { ConfigProblem } from '../../../src/target/config/facts.ts';
import { splitKeyPath } from '../../../src/target/config/key-path.ts';

/** The configuration is broken in a way that can keep servers from view. */
export const hidesServers = ({ fatal, kind, keyPath }: ConfigProblem): boolean =>
  fatal && (kind === 'malformed' || kind === 'unreadable' || keyPath === 'mcp_servers');

/** The agent refuses its whole configuration because of this server; `config.load` says why. */
export const isRefused = (name: string, problems: readonly ConfigProblem[]): boolean =>
  problems.some(({ keyPath, fatal }) => {
    const [table, key] = fatal && keyPath !== undefined ? splitKeyPath(keyPath) : [];
    return table === 'mcp_servers' && key === name;
  });
