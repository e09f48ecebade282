import type { ApprovalPolicy, SandboxPolicy } from '../policy/policy.ts';
import type { MessageItem, ResponseItem } from '../protocol/item.ts';
import { SUMMARY_PREFIX } from './instructions.ts';
import type { TurnSettings } from './settings.ts';

/** What the model is told of its surroundings, apart from what anybody said (spec/agent-core.md 8.2). */
export interface TurnContext {
  /** Developer messages; empty texts are left out. */
  readonly permissions: string;
  readonly developerInstructions: string;
  /** User messages. */
  readonly userInstructions: string;
  readonly environment: string;
}

export interface ContextInput {
  readonly settings: TurnSettings;
  readonly developerInstructions: string | undefined;
  /** From `AGENTS.md` files. */
  readonly userInstructions: string | undefined;
  /** Name of the shell that commands run in. */
  readonly shell: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const ENVIRONMENT = 'environment_context';
const USER_INSTRUCTIONS = 'user_instructions';
const PERMISSIONS = 'permissions_instructions';
const ABORTED = 'turn_aborted';

/** The model's view of what a turn runs with. */
export function contextOf(input: ContextInput): TurnContext {
  const { settings, developerInstructions = '', userInstructions = '', shell, now } = input;
  return {
    permissions: wrap(PERMISSIONS, permissionLines(settings).join('\n')),
    developerInstructions,
    userInstructions: userInstructions.trim() === '' ? '' : wrap(USER_INSTRUCTIONS, userInstructions.trim()),
    environment: wrap(
      ENVIRONMENT,
      [
        `  <cwd>${settings.cwd}</cwd>`,
        `  <shell>${shell}</shell>`,
        `  <current_date>${localDate(now)}</current_date>`,
      ].join('\n'),
    ),
  };
}

/**
 * The messages that tell a context: all of it, or what differs from the one that the model knows already.
 * @param known undefined when the conversation holds none, as at its start and after a compaction
 */
export function contextItems(context: TurnContext, known?: TurnContext): MessageItem[] {
  const news = (key: keyof TurnContext): string[] =>
    context[key] === '' || context[key] === known?.[key] ? [] : [context[key]];
  return [
    ...message('developer', [...news('permissions'), ...news('developerInstructions')]),
    ...message('user', [...news('userInstructions'), ...news('environment')]),
  ];
}

/** What history keeps of an interrupt (spec/agent-core.md 1.5). */
export const abortMarker = (): MessageItem => ({
  type: 'message',
  role: 'user',
  content: [
    {
      type: 'input_text',
      text: wrap(
        ABORTED,
        'The user interrupted the last turn on purpose. Commands that were running may have done part of their work; look before you repeat them. Background terminals may still run.',
      ),
    },
  ],
});

/** Whether a message is what a user said, and not what the core put into the user's mouth. */
export function isPrompt(item: ResponseItem): item is MessageItem {
  if (item.type !== 'message' || item.role !== 'user') return false;
  const [first] = item.content;
  return !(first && 'text' in first && OWN_STARTS.some((start) => first.text.startsWith(start)));
}

/** Ours, and those that other agents write into rollouts that we resume. */
const OWN_STARTS = [
  `<${ENVIRONMENT}>`,
  `<${USER_INSTRUCTIONS}>`,
  `<${ABORTED}>`,
  '# AGENTS.md instructions',
  '<user_shell_command>',
  '<hook_prompt ',
  SUMMARY_PREFIX,
];

const wrap = (tag: string, text: string): string => `<${tag}>\n${text}\n</${tag}>`;

const message = (role: 'developer' | 'user', texts: readonly string[]): MessageItem[] =>
  texts.length === 0
    ? []
    : [{ type: 'message', role, content: texts.map((text) => ({ type: 'input_text', text })) }];

function permissionLines({ approvalPolicy, sandboxPolicy }: TurnSettings): string[] {
  return [...sandboxLines(sandboxPolicy), approvalLine(approvalPolicy)];
}

function sandboxLines(policy: SandboxPolicy): string[] {
  switch (policy.type) {
    case 'read-only':
      return ['Commands may read files, and may neither write them nor use the network.'];
    case 'workspace-write':
      return [
        'Commands may read files, and write below the working directory and these folders.',
        ...policy.writable_roots.map((root) => `- ${root}`),
        policy.network_access ? 'They may use the network.' : 'They may not use the network.',
      ];
    case 'danger-full-access':
      return ['Commands run without a sandbox.'];
    case 'external-sandbox':
      return [
        policy.network_access === 'enabled'
          ? 'Commands run in a sandbox that somebody else provides; the network is open.'
          : 'Commands run in a sandbox that somebody else provides; the network is closed.',
      ];
  }
}

function approvalLine(policy: ApprovalPolicy): string {
  switch (policy) {
    case 'untrusted':
      return 'The user is asked before every command that is not known to only read.';
    case 'on-failure':
      return 'The user is asked when a command fails in the sandbox.';
    case 'on-request':
      return 'The user is asked when you request to leave the sandbox, with your reason.';
    case 'never':
      return 'Nobody can be asked: do not request permissions, and find a way within these limits.';
    default:
      return 'The user is asked for some permissions; others are refused at once.';
  }
}

function localDate(now: number): string {
  const date = new Date(now);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
