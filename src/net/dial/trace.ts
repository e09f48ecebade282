/**
 * What was seen on the way to a connected socket, phase by phase. Plain data without secrets: addresses of proxies are
 * told by the variable that names them, credentials never. Times are milliseconds.
 */
export interface DialTrace {
  /** Absent where an address was dialled and no name. With a proxy this is the proxy's name, not the endpoint's. */
  readonly resolve?: ResolveTrace;
  readonly connect?: ConnectTrace;
  /** Absent on a direct way. */
  readonly proxy?: ProxyTrace;
  /** The endpoint's own handshake; a proxy's handshake stands in `proxy`. */
  readonly tls?: TlsTrace;
  readonly totalMs: number;
}

export interface ResolveTrace {
  readonly host: string;
  readonly ipv4: FamilyAnswer;
  readonly ipv6: FamilyAnswer;
}

/** One family's answer; the two are asked at the same time and timed apart. */
export interface FamilyAnswer {
  readonly addresses: readonly string[];
  readonly durationMs: number;
  /** Why there is none, such as `ENOTFOUND`, or `pending` where it was not waited for; absent with an answer. */
  readonly code?: string;
}

export interface ConnectTrace {
  readonly port: number;
  /** In the order in which they were begun (RFC 8305: IPv6 first, the families alternating). */
  readonly attempts: readonly ConnectAttempt[];
  readonly durationMs: number;
}

export interface ConnectAttempt {
  readonly address: string;
  readonly family: 4 | 6;
  /** `pending`: another address won, or time ran out, before this one answered. */
  readonly state: 'connected' | 'failed' | 'pending';
  readonly code?: string;
  readonly durationMs: number;
}

export interface ProxyTrace {
  /** The variable that names the proxy, as it is spelled. */
  readonly variable: string;
  readonly scheme: string;
  readonly hasCredentials: boolean;
  /** The proxy's own handshake, for an https proxy. */
  readonly tls?: TlsTrace;
  /** From asking for the target to the answer; 0 where that was not reached. */
  readonly durationMs: number;
  /** Status of the answer to CONNECT. */
  readonly status?: number;
  /** Schemes of `Proxy-Authenticate`, such as `Basic` or `Negotiate`. */
  readonly challenges?: readonly string[];
}

export interface TlsTrace {
  readonly durationMs: number;
  readonly protocol?: string;
  /** Protocol agreed on by ALPN; absent when the server chose none. */
  readonly alpn?: string;
  /** Absent where the handshake ended before the server showed a certificate. */
  readonly certificate?: CertificateFacts;
  /** How many certificates the server sent, its own included. */
  readonly chainLength?: number;
  /** The verdict of our trust store, such as `CERT_HAS_EXPIRED`; absent when the certificate is trusted. */
  readonly problem?: string;
}

/** A certificate as a report shows it. Times are RFC 3339. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly altNames: readonly string[];
  readonly isSelfSigned: boolean;
  readonly isCa: boolean;
  readonly fingerprint256: string;
}
