import { conclude } from '../../../doctor/check.ts';
import type { CheckContext } from '../../../doctor/context.ts';
import type { Verdict } from '../../../doctor/check.ts';
import { readDuration } from '../../../host/duration.ts';
import { classify } from '../../../net/classify/classify.ts';
import type { HttpObservation } from '../../../net/network.ts';
import { Secret } from '../../../redact/secret.ts';
import { issuesOf, quoted } from '../issue.ts';
import type { Fault } from '../issue.ts';
import type { Work } from '../kind.ts';
import { isFoundIn } from '../pattern.ts';
import type { SpecOf } from '../vocabulary.ts';

type Spec = SpecOf<'http'>;

/** A page that says how a service is is small; what a pattern is looked for in is not longer either. */
const MAX_BODY_BYTES = 256 * 1024;

export type SeenAnswer =
  | { readonly kind: 'asked'; readonly observation: HttpObservation }
  /** The variable that holds the token is not set, so the question would be another one. */
  | { readonly kind: 'no_token'; readonly variable: string };

/** An address answers as it should, by the way out that the agent would take. */
export const http = (spec: Spec): Work<SeenAnswer> => ({
  title: `${shown(spec.url)} answers as it should`,
  network: true,
  probe: (context) => ask(spec, context),
  judge: (seen) => judgeHttp(spec, seen),
});

async function ask(spec: Spec, context: CheckContext): Promise<SeenAnswer> {
  const { network, target } = context;
  const { url, method, headers, bearer_token_env: variable, header_contains: wanted, timeout } = spec;
  const token = variable === undefined ? undefined : target.environment().values[variable];
  if (variable !== undefined && !token) return { kind: 'no_token', variable };
  context.waitingFor(shown(url));
  const observation = await network.observeHttp({
    url,
    method,
    headers: { ...headers, ...(token && { authorization: new Secret(`Bearer ${token}`) }) },
    timeoutMs: readDuration(timeout) ?? 0,
    readBody: { maxBytes: MAX_BODY_BYTES },
    readHeaders: Object.keys(wanted).map((name) => name.toLowerCase()),
  });
  return { kind: 'asked', observation };
}

/** Without user, query and fragment, which may hold secrets. */
function shown(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.origin}${url.pathname}` : 'the address';
}

export function judgeHttp(spec: Spec, seen: SeenAnswer): Verdict {
  const place = shown(spec.url);
  if (seen.kind === 'no_token')
    return conclude({
      summary: '',
      details: { address: place },
      issues: issuesOf(
        [
          {
            class: 'missing',
            cause: `${seen.variable}, which holds the token for ${place}, is not set`,
            measured: 'not set',
            expected: 'a token',
            remedy: `Set ${seen.variable} in the environment that the agent is started from.`,
            failure: { phase: 'credential' },
          },
        ],
        spec,
      ),
    });
  const { observation } = seen;
  const { outcome, durationMs } = observation;
  const answer = outcome.kind === 'answered' ? outcome.answer : undefined;
  return conclude({
    summary: `${place} answered ${answer?.status} in ${durationMs} ms`,
    details: {
      address: place,
      method: spec.method,
      status: answer?.status,
      'answer ms': durationMs,
    },
    issues: issuesOf(faultsOf(spec, observation), spec),
  });
}

function faultsOf(spec: Spec, observation: HttpObservation): Fault[] {
  const { outcome, durationMs } = observation;
  const place = shown(spec.url);
  if (outcome.kind !== 'answered') return [unanswered(spec, observation)];
  const { status } = outcome.answer;
  if (!isWanted(spec, status)) return [wrongStatus(spec, observation, status)];
  const mismatch = (cause: string, measured: string, expected: string): Fault => ({
    class: 'mismatch',
    cause,
    measured,
    expected,
    remedy: `Find out why ${place} answers so, or correct the declaration.`,
    failure: { phase: 'http', httpStatus: status },
  });
  const limitMs = spec.within === undefined ? undefined : readDuration(spec.within);
  const slow: Fault[] =
    limitMs !== undefined && durationMs > limitMs
      ? [
          {
            class: 'timeout',
            cause: `${place} answered later than it should`,
            measured: `${durationMs} ms`,
            expected: `at most ${limitMs} ms`,
            remedy: `Find out what ${place} or the way there waits for.`,
            failure: { phase: 'http', httpStatus: status },
          },
        ]
      : [];
  const headers = Object.entries(spec.header_contains)
    .filter(([name, part]) => !observation.headers?.[name.toLowerCase()]?.includes(part))
    .map(([name, part]) =>
      mismatch(
        `the answer of ${place} has not the header ${name} that it should`,
        observation.headers?.[name.toLowerCase()] === undefined ? 'no such header' : 'another value',
        `a value with ${quoted(part)}`,
      ),
    );
  return [...slow, ...headers, ...bodyFaults(spec, observation, mismatch)];
}

type Mismatch = (cause: string, measured: string, expected: string) => Fault;

function bodyFaults(spec: Spec, { body }: HttpObservation, mismatch: Mismatch): Fault[] {
  const { body_contains: part, body_matches: pattern } = spec;
  const cause = `the answer of ${shown(spec.url)} does not say what it should`;
  if (body === undefined && (part !== undefined || pattern !== undefined))
    return [
      mismatch(cause, `more than ${MAX_BODY_BYTES} bytes, or cut short`, 'an answer that can be read whole'),
    ];
  const text = body?.toString('utf8') ?? '';
  const measured = `${body?.length ?? 0} bytes without it`;
  return [
    ...(part !== undefined && !text.includes(part)
      ? [mismatch(cause, measured, `an answer with ${quoted(part)}`)]
      : []),
    ...(pattern !== undefined && !isFoundIn(pattern, text)
      ? [mismatch(cause, measured, `an answer that matches ${quoted(pattern)}`)]
      : []),
  ];
}

const isWanted = ({ status: wanted }: Spec, status: number): boolean =>
  wanted === undefined ? status >= 200 && status <= 299 : [wanted].flat().includes(status);

const wantedStatus = ({ status }: Spec): string =>
  status === undefined ? 'a status of 200 to 299' : `status ${[status].flat().join(' or ')}`;

function wrongStatus(spec: Spec, { outcome, trace }: HttpObservation, status: number): Fault {
  const meaning = classify(outcome, 'http', trace);
  const place = shown(spec.url);
  return {
    class: meaning.kind === 'failed' ? meaning.failure.class : 'http_other',
    cause: `${place} answered ${status}`,
    measured: `status ${status}`,
    expected: wantedStatus(spec),
    remedy: `Find out why ${place} answers so, or correct the declaration.`,
    failure: { ...(meaning.kind === 'failed' && meaning.failure), phase: 'http', httpStatus: status },
  };
}

function unanswered(spec: Spec, { outcome, trace }: HttpObservation): Fault {
  const place = shown(spec.url);
  const expected = `an answer of ${place}`;
  const meaning = classify(outcome, 'http', trace);
  switch (meaning.kind) {
    case 'failed':
      return {
        class: meaning.failure.class,
        cause: `${place} cannot be asked: ${meaning.failure.message}`,
        measured: meaning.failure.code ?? meaning.failure.message,
        expected,
        remedy: `Find out what is wrong on the way to ${place}; network.provider_reachability shows how the agent fares.`,
        failure: meaning.failure,
      };
    case 'bad_trust':
      return {
        class: 'malformed',
        cause: `${place} cannot be asked: ${meaning.error.message}`,
        measured: meaning.error.code ?? meaning.error.kind,
        expected: 'a PEM file with one or more certificates',
        remedy: meaning.error.remedy,
      };
    case 'bad_proxy':
      return {
        class: 'invalid_value',
        cause: `${place} cannot be asked: ${meaning.variable} cannot be used (${meaning.problem})`,
        measured: meaning.problem,
        expected: 'a URL such as http://host:port',
        remedy: `Write ${meaning.variable} as http://host:port, or unset it.`,
      };
    case 'bad_request':
      return {
        class: 'invalid_value',
        cause: `${place} cannot be asked: ${meaning.problem}`,
        measured: meaning.problem,
        expected: 'an address and headers that a request can have',
        remedy: 'Correct url and headers in the declaration.',
      };
    case 'fine':
      // An outcome without an answer is never fine.
      throw new TypeError(`no fault in ${outcome.kind}`);
  }
}
