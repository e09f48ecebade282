import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import type { Note } from '../../src/doctor/report.ts';
import { describeEffective, stateOfVariable } from './credentials/describe.ts';
import { loginCommandOf, stateOfHome } from '../../src/target/home.ts';
import { leavesProviderOpen } from '../../src/target/config/facts.ts';
import type { CredentialEvidence } from './credentials/evidence.ts';
import { credentialIssues } from './credentials/issues.ts';

export default defineCheck({
  id: 'auth.credentials',
  section: 'Configuration',
  category: 'auth',
  title: 'The agent has the credential that its provider asks for',
  budgetMs: 2_000,
  probe({ target, files }): CredentialEvidence {
    const { home } = target;
    const { activeId, active } = target.providers();
    return {
      agent: home.profile.name,
      command: home.profile.command,
      loginCommand: loginCommandOf(home),
      home: { path: home.path, source: home.source, state: stateOfHome(home.path, files) },
      providerIsUncertain: target.config().problems.some(leavesProviderOpen),
      provider: {
        id: activeId,
        requiresOpenaiAuth: active?.requiresOpenaiAuth ?? true,
        environmentKeyInstructions: active?.environmentKeyInstructions,
      },
      credentials: target.credentials(),
    };
  },
  judge(seen) {
    const { credentials, home, provider } = seen;
    const { effective, variables, file, storage } = credentials;
    const details = detailsOf(seen);
    if (home.state !== 'directory' && effective.kind === 'none') {
      const isNew = home.state === 'missing' && home.source === 'default';
      if (isNew && variables.length === 0)
        return idle({ summary: `${seen.agent} is not set up yet: ${home.path} does not exist`, details });
      if (!isNew)
        return skip({ because: 'state.paths', summary: 'not looked at: the home cannot be used', details });
    }
    if (effective.kind === 'unknown')
      return skip({
        because: 'config.load',
        summary: `not judged: the configuration names an unknown provider, ${provider.id}`,
        details,
      });
    const issues = credentialIssues(seen);
    const saysNothing = effective.kind === 'none' && file.kind === 'missing' && storage !== 'ephemeral';
    if (seen.providerIsUncertain && (saysNothing || effective.kind === 'provider_variable'))
      return skip({
        because: 'config.load',
        summary: 'not judged: the provider, and so the credential, depends on a configuration that is broken',
        details,
      });
    return conclude({
      summary: describeEffective(effective, credentials, provider.id),
      details,
      issues,
      notes: notesOf(seen),
    });
  },
});

function detailsOf({
  credentials,
  provider,
}: CredentialEvidence): Record<string, string | boolean | string[] | undefined> {
  const { effective, interactive, file, keyring, storage, variables } = credentials;
  const stored = file.kind === 'stored' ? file.credential : undefined;
  return {
    'effective credential': describeEffective(effective, credentials, provider.id),
    'effective credential in interactive sessions':
      JSON.stringify(effective) === JSON.stringify(interactive)
        ? undefined
        : describeEffective(interactive, credentials, provider.id),
    'auth storage mode': storage,
    'auth file': credentials.path,
    'auth file state': file.kind,
    'keyring entry': keyring ? `${keyring.service}, ${keyring.account} (not opened)` : undefined,
    'auth env vars present': variables.length > 0 ? variables.map(({ name }) => name) : undefined,
    'auth env vars from .env': variables.some(({ origin }) => origin !== 'shell')
      ? variables.filter(({ origin }) => origin !== 'shell').map(({ name }) => name)
      : undefined,
    'stored auth mode': stored?.mode,
    'stored API key': stored?.hasApiKey,
    'stored ChatGPT tokens': stored?.hasTokens,
    'stored agent identity': stored?.hasAgentIdentity,
    'stored auth issue':
      stored && stored.missing.length > 0 ? stored.missing.map((part) => `no ${part}`) : undefined,
    'model provider': provider.id,
    'model provider requires OpenAI auth': provider.requiresOpenaiAuth,
    'provider auth env var':
      effective.kind === 'provider_variable'
        ? `${effective.name} (${stateOfVariable(effective)})`
        : undefined,
  };
}

function notesOf({ credentials, command, provider }: CredentialEvidence): Omit<Note, 'check'>[] {
  const { effective, interactive, file, keyring, variables } = credentials;
  if (!provider.requiresOpenaiAuth) return [];
  const notes: Omit<Note, 'check'>[] = [];
  const keys = variables.map(({ name }) => name).filter((name) => name.endsWith('_API_KEY'));
  const hasLogin = file.kind === 'stored' && file.credential.mode.startsWith('chatgpt');
  if (hasLogin && keys.length > 0) {
    const used = effective.kind === 'environment' ? effective.name : 'the login';
    const rest =
      effective.kind === 'environment' && interactive.kind === 'stored'
        ? `; interactive sessions use the login`
        : '';
    notes.push({
      kind: 'warning',
      text: `mixed auth signals: a ChatGPT login is stored and ${keys.join(' and ')} ${keys.length === 1 ? 'is' : 'are'} set; ${command} exec uses ${used}${rest}`,
    });
  } else if (effective.kind === 'environment' && interactive.kind === 'none')
    notes.push({
      kind: 'info',
      text: `${effective.name} serves ${command} exec only; an interactive session will ask to log in`,
    });
  if (effective.kind === 'keyring' && !keyring?.unreachable)
    notes.push({
      kind: 'info',
      text: `the login is kept in the keyring of the operating system, which is not opened here${
        keyring?.mayBeLocked ? `; ${keyring.mayBeLocked}` : ''
      }`,
    });
  return notes;
}
