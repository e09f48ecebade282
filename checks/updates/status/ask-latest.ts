import { classify } from '../../../src/net/classify/classify.ts';
import type { Meaning } from '../../../src/net/classify/classify.ts';
import type { Network } from '../../../src/net/network.ts';
import type { InstallMethod } from '../../../src/target/install/facts.ts';
import { releaseQuestion } from '../../../src/target/install/latest-release.ts';
import type { ReleaseFeeds } from '../../../src/target/profile.ts';

/** What the publisher says about the newest version. That it cannot be asked is no fault of the agent. */
export type LatestAnswer =
  | { readonly kind: 'answered'; readonly host: string; readonly version: string }
  | { readonly kind: 'failed'; readonly host: string; readonly reason: string }
  | { readonly kind: 'not_asked'; readonly because: string };

/** `switched off` is the user's own setting; it is unknown where the configuration cannot be read. */
export type Permission = 'granted' | 'switched off' | 'unknown setting' | '--offline';

interface Question {
  readonly feeds: ReleaseFeeds | undefined;
  /** How the copy was installed that a shell would run; undefined where there is none. */
  readonly method: InstallMethod | undefined;
  readonly permission: Permission;
  readonly network: Network;
  waitingFor(what: string): void;
}

const TIMEOUT_MS = 4_000;
/** A release lists its files, and an agent has hundreds of them. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export async function askLatest(question: Question): Promise<LatestAnswer> {
  const { feeds, method, permission, network } = question;
  if (permission !== 'granted') return { kind: 'not_asked', because: permission };
  if (feeds === undefined) return { kind: 'not_asked', because: 'no releases are published' };
  if (method === undefined) return { kind: 'not_asked', because: 'no installed copy is known' };
  const release = releaseQuestion(feeds, method);
  const { host } = new URL(release.url);
  question.waitingFor(host);
  const { outcome, trace, json } = await network.observeHttp({
    url: release.url,
    method: 'GET',
    headers: { accept: 'application/json', 'user-agent': 'stethos' },
    timeoutMs: TIMEOUT_MS,
    readJson: { maxBytes: MAX_ANSWER_BYTES },
  });
  const meaning = classify(outcome, 'http', trace);
  if (meaning.kind !== 'fine') return { kind: 'failed', host, reason: reasonOf(meaning) };
  const version = release.read(json);
  return version === undefined
    ? { kind: 'failed', host, reason: 'its answer names no version' }
    : { kind: 'answered', host, version };
}

function reasonOf(meaning: Exclude<Meaning, { readonly kind: 'fine' }>): string {
  switch (meaning.kind) {
    case 'failed':
      return `${meaning.failure.message} (${meaning.failure.class})`;
    case 'bad_trust':
      return meaning.error.message;
    case 'bad_proxy':
      return `${meaning.variable} cannot be used: ${meaning.problem}`;
    case 'bad_request':
      return meaning.problem;
  }
}
