import type { AskedOverHttp, AskedOverStdio } from './evidence.ts';

const MAX_QUOTE_LENGTH = 120;

export function inQuotes(text: string): string {
  const [line = ''] = text.trim().split('\n');
  const isCut = line.length > MAX_QUOTE_LENGTH || text.trim().includes('\n');
  return `“${line.slice(0, MAX_QUOTE_LENGTH)}${isCut ? ' …' : ''}”`;
}

/** What the program printed, for `measured`. */
export function outputOf({ observation: { stdoutStart, stderrTail } }: AskedOverStdio): string {
  const stdout = stdoutStart === '' ? 'nothing on stdout' : `stdout began with ${inQuotes(stdoutStart)}`;
  const last = stderrTail.at(-1);
  return `; ${stdout}; ${last === undefined ? 'nothing on stderr' : `stderr ended with ${inQuotes(last)}`}`;
}

export const hasComplained = (state: AskedOverHttp | AskedOverStdio): boolean =>
  state.kind === 'stdio' && state.observation.stderrTail.length > 0;

export function complaintOf(state: AskedOverHttp | AskedOverStdio): string {
  const complaint = state.kind === 'stdio' ? state.observation.complaint : '';
  return complaint === '' ? '' : `: ${inQuotes(complaint)}`;
}
