import type { Secret } from '../../redact/secret.ts';

/** How one connection leaves this machine. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: Proxy }
  /** The client takes no proxy of this value, and fails rather than going around it. */
  | { readonly kind: 'unusable'; readonly variable: string; readonly problem: string };

export interface Proxy {
  /** As it is spelled in the environment. */
  readonly variable: string;
  /** How the client speaks to it, which need not be the scheme of the value. */
  readonly scheme: 'http' | 'https' | 'socks5' | 'socks5h';
  readonly host: string;
  readonly port: number;
  readonly credentials?: { readonly username: Secret; readonly password: Secret };
}
