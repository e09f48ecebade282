import { resolve } from 'node:path';
import type { z } from 'zod';
import { files } from '../../../host/files.ts';
import type { CommandRequest } from '../../policy/guard.ts';
import type { JsonObject } from '../../../host/json.ts';
import { ToolFailure } from '../tool.ts';
import type { ToolCall, ToolContext } from '../tool.ts';
import { tokensOfBytes } from '../truncate.ts';
import type { TruncationPolicy } from '../truncate.ts';
import { DEFAULT_OUTPUT_TOKENS } from './limits.ts';

/** What every tool that starts a command takes besides the command. */
export const commonSchema = (zod: typeof z) => ({
  workdir: zod.string().nullish(),
  login: zod.boolean().nullish(),
  sandbox_permissions: zod
    .enum(['use_default', 'with_additional_permissions', 'require_escalated'])
    .nullish(),
  justification: zod.string().nullish(),
  prefix_rule: zod.array(zod.string()).nullish(),
});

interface CommonArguments {
  readonly workdir?: string | null | undefined;
  readonly sandbox_permissions?:
    | 'use_default'
    | 'with_additional_permissions'
    | 'require_escalated'
    | null
    | undefined;
  readonly justification?: string | null | undefined;
  readonly prefix_rule?: readonly string[] | null | undefined;
}

/** The same, as the model is told. */
export const COMMON_PROPERTIES: JsonObject = {
  workdir: {
    type: 'string',
    description: 'Folder to start in; relative to the working directory, which is the default.',
  },
  login: {
    type: 'boolean',
    description: 'Whether the shell reads the login profile first. Default true.',
  },
  sandbox_permissions: {
    type: 'string',
    enum: ['use_default', 'require_escalated'],
    description:
      'require_escalated asks the user to let this command run outside of the sandbox. Default use_default.',
  },
  justification: {
    type: 'string',
    description:
      'With require_escalated only: the question to the user, in one sentence that says why it is needed.',
  },
  prefix_rule: {
    type: 'array',
    items: { type: 'string' },
    description:
      'With require_escalated only: first words of the command that the user could allow from now on, such as ["npm", "install"].',
  },
};

/**
 * Where a command starts.
 * @throws ToolFailure when there is no such folder
 */
export function commandDirectory({ workdir }: CommonArguments, { cwd }: Pick<ToolContext, 'cwd'>): string {
  const folder = resolve(cwd, workdir ?? '');
  const seen = files.look(folder);
  if (seen.kind !== 'found' || seen.type !== 'directory')
    throw new ToolFailure(`workdir ${folder} is not a folder that can be entered.`);
  return folder;
}

/** @throws ToolFailure for a command that no system could run, and for rights that nobody can give */
export function commandRequest(
  { argv, cwd, call }: { readonly argv: readonly string[]; readonly cwd: string; readonly call: ToolCall },
  args: CommonArguments,
): CommandRequest {
  if (argv.some((word) => word.includes('\0')))
    throw new ToolFailure('A command cannot hold a NUL character.');
  const permissions = args.sandbox_permissions ?? 'use_default';
  if (permissions === 'with_additional_permissions')
    throw new ToolFailure('with_additional_permissions is not available here; use require_escalated.');
  const wantsEscalation = permissions === 'require_escalated';
  return {
    callId: call.callId,
    argv,
    cwd,
    wantsEscalation,
    ...(!args.justification ? {} : { justification: args.justification }),
    ...(!args.prefix_rule ? {} : { prefixRule: args.prefix_rule }),
  };
}

/** How much of an output the model gets: what it asks for, as far as its own limit goes. */
export function outputLimit(
  { max_output_tokens: asked }: { readonly max_output_tokens?: number | null | undefined },
  { truncation }: ToolContext['model'],
): TruncationPolicy {
  const wanted: TruncationPolicy = {
    mode: 'tokens',
    limit: Math.max(0, Math.floor(asked ?? DEFAULT_OUTPUT_TOKENS)),
  };
  const tokens = truncation.mode === 'tokens' ? truncation.limit : tokensOfBytes(truncation.limit);
  return tokens < wanted.limit ? truncation : wanted;
}
