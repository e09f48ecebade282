import type { AuthTags } from '../../telemetry/auth-facts.ts';
import type { PageContext } from './context.ts';
import { factList } from './fact-list.ts';
import type { Html } from '../../page/html.ts';

/** In the order in which a reader asks; what belongs to none of them stands with the latest attempt. */
const GROUPS: readonly { readonly title: string; readonly prefix: string }[] = [
  { title: 'Evidence of the latest 401', prefix: 'auth_401_' },
  { title: 'Recovery', prefix: 'auth_recovery_' },
  { title: 'Environment', prefix: 'auth_env_' },
  { title: 'Latest attempt', prefix: 'auth_' },
];

/** What is known of authentication, by groups. Tags without a value say nothing. */
export function authDetails(page: PageContext, tags: AuthTags | undefined): Html {
  const { html } = page;
  const known = Object.entries(tags ?? {}).filter(([, value]) => value !== '');
  if (known.length === 0) return html``;
  const groupOf = (name: string): string =>
    GROUPS.find(({ prefix }) => name.startsWith(prefix))?.title ?? 'Latest attempt';
  return html`<div class="auth">
    ${GROUPS.map(({ title, prefix }) => {
      const own = known.filter(([name]) => groupOf(name) === title);
      if (own.length === 0) return html``;
      const facts = own.map(
        ([name, value]) => [name.replace(prefix, '').replaceAll('_', ' '), value] as const,
      );
      return html`<section>
        <h5>${title}</h5>
        ${factList(page, facts)}
      </section>`;
    })}
  </div>`;
}
