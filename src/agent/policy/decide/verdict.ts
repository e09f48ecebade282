import type { ApprovalPolicy, ExecPolicyAmendment } from '../policy.ts';

/** What the policy alone says, before anybody is asked. */
export type Verdict =
  /** @property withoutSandbox the rules trust the command: it runs free */
  | { readonly kind: 'run'; readonly withoutSandbox: boolean }
  | { readonly kind: 'ask'; readonly reason?: string; readonly amendment?: ExecPolicyAmendment }
  /** `message` goes to the model. */
  | { readonly kind: 'refuse'; readonly message: string };

/** What a question is about; a granular policy turns each kind on or off. */
export type Topic = 'sandbox' | 'rules' | 'mcp';

/** Whether a policy lets somebody be asked at all. */
export function mayAsk(policy: ApprovalPolicy, topic: Topic): boolean {
  if (typeof policy === 'string') return policy !== 'never';
  const { sandbox_approval, rules, mcp_elicitations } = policy.granular;
  return { sandbox: sandbox_approval, rules, mcp: mcp_elicitations }[topic];
}

/** Asks where the policy lets it, and refuses otherwise. */
export function askOr(
  policy: ApprovalPolicy,
  topic: Topic,
  { ask, why }: { readonly ask: Omit<Verdict & { readonly kind: 'ask' }, 'kind'>; readonly why: string },
): Verdict {
  return mayAsk(policy, topic)
    ? { kind: 'ask', ...ask }
    : { kind: 'refuse', message: `${why}, and the approval policy does not let anybody be asked.` };
}
