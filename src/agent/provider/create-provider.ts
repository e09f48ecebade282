import type { Secret } from '../../redact/secret.ts';
import { visibleInOneLine } from '../../redact/control.ts';
import { BUILT_IN_PROVIDERS } from '../../target/config/schema/providers.ts';
import { baseUrlOf } from '../../target/provider/address.ts';
import { isAzure } from '../../target/provider/azure.ts';
import { BEDROCK_NAME } from '../../target/provider/built-in.ts';
import type { Provider } from '../../target/provider/facts.ts';
import { ADDRESS_VARIABLE } from '../../target/provider/load.ts';
import { providerHeaders } from '../../target/request/headers.ts';
import { withoutUserinfo } from '../../target/request/userinfo.ts';
import type { ConfigWarning } from '../config/config.ts';
import { createCatalogue } from '../model/catalogue/catalogue.ts';
import { ModelError } from '../model/error.ts';
import type { ResolvedCredential } from './credential.ts';
import { credentialSourceOf } from './credential-source.ts';
import type { ModelProviderOptions } from './options.ts';
import type { ModelProvider, RequestAuth, ResolvedProvider } from './provider.ts';

export type ModelProviderCreation =
  | {
      readonly kind: 'ready';
      readonly provider: ModelProvider;
      /** What the user is told once, at the start. */
      readonly warnings: readonly ConfigWarning[];
    }
  /** The configuration names a provider that is neither built in nor defined, or one that stethos does not support. */
  | { readonly kind: 'unknown_provider'; readonly message: string };

/**
 * The provider that the configuration of a home names, as the core sees it. Nothing is asked of anybody until a request
 * needs it. Rules of the configuration that the provider breaks are told by `target.config().problems`.
 */
export function createModelProvider(options: ModelProviderOptions): ModelProviderCreation {
  const { target } = options;
  const { active, activeId, knownIds } = target.providers();
  if (!active) return { kind: 'unknown_provider', message: unknownProvider(activeId, knownIds) };
  const source = credentialSourceOf(active, target.credentials().effective, options);
  const resolve = async (): Promise<ResolvedProvider> => resolved(active, await source.resolve(), options);
  const catalogue = createCatalogue({ ...options, provider: active, resolve });
  return {
    kind: 'ready',
    warnings: warningsOf(active),
    provider: {
      id: active.id,
      name: active.name,
      supportsWebsockets: active.supportsWebsockets,
      isAzure: isAzure(active),
      limits: {
        requestMaxRetries: active.requestMaxRetries,
        streamMaxRetries: active.streamMaxRetries,
        streamIdleTimeoutMs: active.streamIdleTimeoutMs,
        websocketConnectTimeoutMs: active.websocketConnectTimeoutMs,
      },
      capabilities: capabilitiesOf(active),
      resolve: async () => {
        const provider = await resolve();
        catalogue.refreshWhereServed(provider.auth);
        return provider;
      },
      recovery: () => source.recovery(),
      modelInfo: (slug) => catalogue.modelInfo(slug),
      noteModelsEtag: (etag) => catalogue.noteEtag(etag),
    },
  };
}

function resolved(
  provider: Provider,
  { auth, credential, baseUrl }: ResolvedCredential,
  { target, client }: ModelProviderOptions,
): ResolvedProvider {
  const { provider: headers, illegal } = providerHeaders(target);
  const [fault] = illegal;
  if (fault)
    throw fatal(
      `The header "${visibleInOneLine(fault.name)}" of ${visibleInOneLine(fault.source)} has ${fault.part === 'name' ? 'an illegal name' : 'a value that no HTTP header may have'}.`,
    );
  const address = withoutUserinfo(provider.baseUrl ?? baseUrl ?? baseUrlOf(provider, credential));
  if (!/^https?:/.test(URL.parse(address.url)?.protocol ?? ''))
    throw fatal(
      `The address of the provider "${visibleInOneLine(provider.id)}" (${provider.baseUrlSource ?? 'its default'}) is no http or https URL.`,
    );
  return {
    baseUrl: address.url.replace(/\/+$/, ''),
    queryParameters: provider.queryParameters,
    headers: { ...Object.fromEntries(headers), ...(headers.has('version') && { version: client.version }) },
    auth: withAddressCredential(auth, address.authorization),
  };
}

/** Name and password that stand in the address count where nothing else authorises the request. */
const withAddressCredential = (auth: RequestAuth, authorization: Secret | undefined): RequestAuth =>
  authorization && !auth.sign && !auth.headers['authorization']
    ? { ...auth, headers: { ...auth.headers, authorization } }
    : auth;

function capabilitiesOf({ name }: Provider): ModelProvider['capabilities'] {
  const isBedrock = name === BEDROCK_NAME;
  return { namespaceTools: true, imageGeneration: !isBedrock, webSearch: !isBedrock };
}

const warningsOf = ({ baseUrlSource }: Provider): ConfigWarning[] =>
  baseUrlSource === ADDRESS_VARIABLE
    ? [
        {
          kind: 'deprecation',
          message: `${ADDRESS_VARIABLE} is deprecated. Set openai_base_url in config.toml instead.`,
        },
      ]
    : [];

function unknownProvider(id: string, knownIds: readonly string[]): string {
  const shown = visibleInOneLine(id);
  if (BUILT_IN_PROVIDERS.some((known) => known === id))
    return `The model provider "${shown}" is one that stethos does not support yet.`;
  const hint = id === 'ollama-chat' ? ' It was removed; use "ollama".' : '';
  return `The model provider "${shown}" is neither built in nor defined.${hint} Known: ${knownIds.map(visibleInOneLine).join(', ')}.`;
}

const fatal = (message: string): ModelError => new ModelError({ kind: 'fatal', message }, message);
