import type { ThreadId } from '../../protocol/ids.ts';

/** Plain text without colour, pages or questions, in one language: what a model reads (spec/agent-core.md 2.2). */
const FOR_A_MODEL = {
  NO_COLOR: '1',
  TERM: 'dumb',
  LANG: 'C.UTF-8',
  LC_CTYPE: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  COLORTERM: '',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GH_PAGER: 'cat',
  CODEX_CI: '1',
};

/** The environment of a command: ours, and what is forced upon it. */
export function commandEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { threadId, reader }: { readonly threadId: ThreadId; readonly reader: 'model' | 'user' },
): Record<string, string> {
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(own),
    ...(reader === 'model' ? FOR_A_MODEL : {}),
    CODEX_THREAD_ID: threadId,
  };
}
