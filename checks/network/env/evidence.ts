import type { DotenvFile } from '../../../src/target/environment/environment.ts';
import type { Endpoint } from '../../../src/target/provider/endpoints.ts';
import type { ProxyDecision } from '../../../src/net/proxy/decision.ts';
import type { IllegalHeader } from '../../../src/target/request/headers.ts';
import type { AddressFlaw } from '../../../src/target/request/routes.ts';
import type { ProxySetting } from '../../../src/net/proxy/variables.ts';

export interface Route {
  readonly purpose: Endpoint['purpose'];
  readonly decision: ProxyDecision;
  /** The address is this machine itself. */
  readonly isLoopback: boolean;
}

export interface NetworkEvidence {
  readonly agent: string;
  readonly configFile: string;
  readonly dotenv: { readonly path: string; readonly file: DotenvFile };
  readonly isHomeOutOfReach: boolean;
  readonly settings: readonly ProxySetting[];
  readonly noProxy:
    | { readonly name: string; readonly origin: string; readonly hidesOther: boolean }
    | undefined;
  readonly routes: readonly Route[];
  /** Keys or variables whose address is none that a request can go to. */
  readonly unusableAddresses: readonly { readonly source: string; readonly problem: string }[];
  /** What is wrong with a base URL to which requests do go. */
  readonly baseFlaw: { readonly source: string; readonly flaw: AddressFlaw } | undefined;
  /** Headers of the provider that not every request can carry. */
  readonly illegalHeaders: readonly IllegalHeader[];
  /** Set `OPENAI_BASE_URL`. */
  readonly openaiBaseUrl:
    | {
        readonly origin: string;
        /** The provider in use is the one that it is meant for. */
        readonly concerns: boolean;
        /** `openai_base_url` is set. */
        readonly isReplaced: boolean;
        /** The agent goes by it: the embedded core does, where `openai_base_url` is not set. */
        readonly isRead: boolean;
      }
    | undefined;
}
