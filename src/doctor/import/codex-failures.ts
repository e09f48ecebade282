import type { FailureClass } from '../failure.ts';
import type { CheckResult } from '../report.ts';

/** What the words of `codex doctor` 0.169 mean in our classes (spec/doctor.md 3, 6 and 10), the first that fits. */
const WORDS: readonly (readonly [FailureClass, RegExp])[] = [
  ['proxy_auth', /proxy authentication required|\bhttp 407\b/],
  ['tls_other', /tls handshake or certificate/],
  ['dns', /lookup failed/],
  ['ws_closed_early', /closed immediately/],
  ['http_unauthorized', /\bhttp 401\b/],
  ['http_forbidden', /\bhttp 403\b/],
  ['http_not_found', /\bhttp 404\b|returned 404/],
  ['http_rate_limited', /\bhttp 429\b/],
  ['http_server_error', /\bhttp 5\d\d\b/],
  ['ws_rejected', /\bhttp 426\b/],
  ['timeout', /timed out/],
  // It says no more, whether nobody listened, nobody answered or the name was not known.
  ['unreachable', /connect failed|unreachable over http|network error/],
  ['not_a_database', /\(code: 26\)|\bcode 26\b|file is not a database/],
  ['corrupt', /\(code: 11\)|\bcode 11\b|integrity check failed|failed integrity check|malformed/],
  ['locked', /\(code: 5\)|\bcode 5\b|database is locked/],
  ['permissions', /permission denied|\(code: 14\)|\bcode 14\b/],
  [
    'missing',
    /no such file|not resolvable|was not found|does not exist|is missing|no codex credentials|\(missing\)/,
  ],
  ['incomplete', /incomplete/],
  ['ambiguous', /multiple auth env vars/],
  ['unreadable', /could not be read|unreadable|could not be queried/],
  ['unknown_key', /unrecognized configuration|is ignored/],
  ['invalid_value', /invalid items|invalid data|entity not found|unknown item/],
  ['malformed', /invalid configuration|could not be loaded/],
  ['stale', /socket is stale/],
];

/** What a summary says of several faults; the details say which one it is. */
const IN_SUMMARIES: ReadonlySet<FailureClass> = new Set(['unreachable', 'corrupt', 'malformed']);

/**
 * The class of a bad row, told from its words: that tool names none. What no words tell is a `mismatch`: something was
 * measured that is not what was expected.
 */
export function codexFailureClass({
  summary,
  issues,
  details,
}: Pick<CheckResult, 'summary' | 'issues' | 'details'>): FailureClass {
  const [said, evidence] = [
    [summary, ...issues.flatMap(({ cause, measured }) => [cause, measured])],
    Object.values(details).flat().map(String),
  ].map((texts) => texts.join('\n').toLowerCase());
  const specific = classIn(evidence);
  const general = classIn(said);
  const isSummed = general === undefined || IN_SUMMARIES.has(general);
  return (isSummed ? specific : general) ?? general ?? 'mismatch';
}

const classIn = (text = ''): FailureClass | undefined => WORDS.find(([, words]) => words.test(text))?.[0];
