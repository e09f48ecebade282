import { basename, isAbsolute } from 'node:path';
import { evaluate } from './rule-set.ts';
import type { NetworkRule, PrefixRule, RuleDecision, RuleSet } from './rule-set.ts';
import { splitWords } from './split-words.ts';
import { callsOf } from './syntax.ts';
import type { Call, Value } from './syntax.ts';
import { FaultyRules } from './tokens.ts';
import type { Place, RulesFault } from './tokens.ts';

export type ParsedRules =
  | { readonly kind: 'parsed'; readonly rules: RuleSet }
  | { readonly kind: 'faulty'; readonly fault: RulesFault };

const DECISIONS: readonly RuleDecision[] = ['allow', 'prompt', 'forbidden'];
const PROTOCOLS: readonly NetworkRule['protocol'][] = ['http', 'https', 'socks5_tcp', 'socks5_udp'];

interface Example extends Place {
  readonly rule: PrefixRule;
  readonly argv: readonly string[];
  readonly mustMatch: boolean;
}

/**
 * Reads the text of a rules file. One fault anywhere, also an example that a rule does not hold (trap 29), and nothing of the
 * file counts.
 */
export function parseRules(text: string): ParsedRules {
  try {
    return { kind: 'parsed', rules: rulesOf(callsOf(text)) };
  } catch (error) {
    if (!(error instanceof FaultyRules)) throw error;
    return { kind: 'faulty', fault: { message: error.message, ...error.place } };
  }
}

function rulesOf(calls: readonly Call[]): RuleSet {
  const prefixes: PrefixRule[] = [];
  const networks: NetworkRule[] = [];
  const executables = new Map<string, readonly string[]>();
  const examples: Example[] = [];
  for (const call of calls)
    switch (call.name) {
      case 'prefix_rule': {
        const given = argumentsOf(call, ['pattern', 'decision', 'match', 'not_match', 'justification']);
        const rule: PrefixRule = {
          pattern: patternOf(required(given, 'pattern', call)),
          decision: wordOf(given.get('decision'), DECISIONS) ?? 'allow',
          ...justificationOf(given),
        };
        prefixes.push(rule);
        examples.push(...examplesOf(given.get('match'), { rule, mustMatch: true }));
        examples.push(...examplesOf(given.get('not_match'), { rule, mustMatch: false }));
        break;
      }
      case 'network_rule':
        networks.push(networkRule(call));
        break;
      case 'host_executable': {
        const given = argumentsOf(call, ['name', 'paths']);
        const name = nameOf(required(given, 'name', call));
        executables.set(name, pathsOf(required(given, 'paths', call), name));
        break;
      }
      default:
        throw new FaultyRules(
          `there is no rule \`${call.name.slice(0, 40)}\`, only prefix_rule, network_rule and host_executable`,
          call,
        );
    }
  for (const example of examples) hold(example, executables);
  return { prefixes, networks, executables };
}

function networkRule(call: Call): NetworkRule {
  const given = argumentsOf(call, ['host', 'protocol', 'decision', 'justification']);
  const protocol = wordOf(required(given, 'protocol', call), PROTOCOLS);
  const decision = wordOf(required(given, 'decision', call), [
    'allow',
    'prompt',
    'deny',
    'forbidden',
  ] as const);
  return {
    host: hostOf(required(given, 'host', call)),
    protocol: protocol ?? 'https',
    decision: decision === 'forbidden' ? 'deny' : (decision ?? 'deny'),
    ...justificationOf(given),
  };
}

/** Arguments by name, those without one in the order of `names`. */
function argumentsOf(call: Call, names: readonly string[]): ReadonlyMap<string, Value> {
  const given = new Map<string, Value>();
  for (const [index, value] of call.positional.entries()) {
    const name = names[index];
    if (name === undefined)
      throw new FaultyRules(`\`${call.name}\` takes no more than ${names.length} arguments`, value);
    given.set(name, value);
  }
  for (const [name, value] of call.named) {
    if (!names.includes(name))
      throw new FaultyRules(`\`${call.name}\` has no argument \`${name.slice(0, 40)}\``, value);
    if (given.has(name)) throw new FaultyRules(`\`${name}\` is given twice`, value);
    given.set(name, value);
  }
  return given;
}

function required(given: ReadonlyMap<string, Value>, name: string, call: Call): Value {
  const value = given.get(name);
  if (!value) throw new FaultyRules(`\`${call.name}\` lacks \`${name}\``, call);
  return value;
}

function textOf(value: Value): string {
  if (value.kind !== 'string') throw new FaultyRules('this must be a text', value);
  return value.text;
}

function itemsOf(value: Value): readonly Value[] {
  if (value.kind !== 'list') throw new FaultyRules('this must be a list', value);
  return value.items;
}

function wordOf<Word extends string>(value: Value | undefined, words: readonly Word[]): Word | undefined {
  if (!value) return undefined;
  const given = textOf(value);
  const word = words.find((each) => each === given);
  if (word === undefined)
    throw new FaultyRules(`${JSON.stringify(given.slice(0, 40))} is none of ${words.join(', ')}`, value);
  return word;
}

function patternOf(value: Value): PrefixRule['pattern'] {
  const pattern = itemsOf(value).map((place) => {
    if (place.kind === 'string') return [place.text];
    const words = place.items.map(textOf);
    if (words.length === 0) throw new FaultyRules('an empty list of words matches nothing', place);
    return words;
  });
  if (pattern.length === 0) throw new FaultyRules('the pattern is empty', value);
  return pattern;
}

function justificationOf(given: ReadonlyMap<string, Value>): { readonly justification?: string } {
  const value = given.get('justification');
  if (!value) return {};
  const justification = textOf(value);
  if (justification.trim() === '') throw new FaultyRules('the justification is empty', value);
  return { justification };
}

function hostOf(value: Value): string {
  const host = textOf(value).trim().replace(/\.$/, '').toLowerCase();
  if (host === '') throw new FaultyRules('the host is empty', value);
  if (/[*?\s/]/.test(host))
    throw new FaultyRules('the host must be one host, without scheme, path or wildcard', value);
  return host;
}

function nameOf(value: Value): string {
  const name = textOf(value);
  if (name === '' || /[/\\]/.test(name))
    throw new FaultyRules('the name must be that of a program, without a path', value);
  return name;
}

function pathsOf(value: Value, name: string): string[] {
  return itemsOf(value).map((path) => {
    const written = textOf(path);
    if (!isAbsolute(written)) throw new FaultyRules('the path must be absolute', path);
    if (basename(written) !== name) throw new FaultyRules(`the path must end with \`${name}\``, path);
    return written;
  });
}

function examplesOf(value: Value | undefined, about: Pick<Example, 'rule' | 'mustMatch'>): Example[] {
  return (value ? itemsOf(value) : []).map((example) => {
    const argv = example.kind === 'list' ? example.items.map(textOf) : splitWords(example.text);
    if (argv === undefined) throw new FaultyRules('the example leaves a quote open', example);
    if (argv.length === 0) throw new FaultyRules('the example is empty', example);
    return { ...about, argv, line: example.line, column: example.column };
  });
}

function hold({ rule, argv, mustMatch, ...place }: Example, executables: RuleSet['executables']): void {
  const alone: RuleSet = { prefixes: [rule], networks: [], executables };
  const { matches } = evaluate(alone, argv, { resolveExecutables: true });
  if (matches.length > 0 !== mustMatch)
    throw new FaultyRules(
      mustMatch ? 'the rule does not match this example' : 'the rule matches this example and must not',
      place,
    );
}
