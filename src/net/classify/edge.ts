import type { HttpAnswer } from '../outcome.ts';

/** Who answered in place of the endpoint, as far as the page tells. */
export interface Edge {
  /** A product such as `Cloudflare`, or undefined for a page of nobody in particular. */
  readonly product: string | undefined;
}

/** Network Authentication Required (RFC 6585): only something on the way sends it. */
const NETWORK_AUTHENTICATION_REQUIRED = 511;

/**
 * Titles of pages that no endpoint of a provider sends itself: challenges and blocks of an edge, filters of a company,
 * portals of a guest network. A plain `403 Forbidden` is missing on purpose: any web server says that of its own.
 */
const TITLES: readonly (readonly [RegExp, string | undefined])[] = [
  [
    /^just a moment|^attention required!|used cloudflare to restrict access|^please wait.*cloudflare/i,
    'Cloudflare',
  ],
  [/^error: the request could not be satisfied/i, 'CloudFront'],
  [/^error: the requested url could not be retrieved/i, 'Squid'],
  [/incapsula|imperva/i, 'Imperva'],
  [/zscaler/i, 'Zscaler'],
  [/fortiguard|fortigate|^web filter (?:violation|block)/i, 'FortiGuard'],
  [/netskope/i, 'Netskope'],
  [/blue ?coat|symantec web/i, 'Symantec'],
  [/mcafee web gateway|skyhigh/i, 'Skyhigh'],
  [/cisco umbrella|opendns/i, 'Cisco Umbrella'],
  [/palo alto|globalprotect/i, 'Palo Alto Networks'],
  [/sophos/i, 'Sophos'],
  [/barracuda/i, 'Barracuda'],
  [/websense|forcepoint/i, 'Forcepoint'],
  [/check ?point (?:usercheck|software)|usercheck/i, 'Check Point'],
  [/^request rejected$/i, 'F5'],
  [
    /captive portal|hotspot|wi-?fi (?:login|access)|guest (?:network|access|login)|network (?:login|authentication)/i,
    undefined,
  ],
  [
    /web ?(?:page|site)? ?(?:filter|block(?:ed)?)\b|(?:access|url|site) (?:is |has been |was )?blocked|content filter/i,
    undefined,
  ],
];

/** Servers that are no origin: a page of theirs is the page of a proxy or filter. */
const INTERMEDIARIES: readonly (readonly [RegExp, string])[] = [
  [/^squid/i, 'Squid'],
  [/^tinyproxy/i, 'tinyproxy'],
  [/^privoxy/i, 'Privoxy'],
  [/^zscaler/i, 'Zscaler'],
  [/^bluecoat|^proxysg/i, 'Symantec'],
  [/^mitmproxy/i, 'mitmproxy'],
];

/** Edges that pass pages of the origin on under their own name; theirs are told by what the page is not. */
const EDGES: readonly (readonly [RegExp, string])[] = [
  [/^cloudflare/i, 'Cloudflare'],
  [/^akamai/i, 'Akamai'],
  [/^cloudfront/i, 'CloudFront'],
  [/^ddos-guard/i, 'DDoS-Guard'],
  [/^imperva/i, 'Imperva'],
];

/** `403 Forbidden`, `api.example.com | 502: Bad gateway`: a page about the origin, whoever delivers it. */
const ORIGIN_TITLE = /^\d{3}\b|\| \d{3}:/;

/**
 * Tells whether something on the way answered in place of the endpoint. Only signs that the endpoint itself does not
 * give count; a provider behind an edge passes every answer through it, so a header of that edge alone says nothing.
 */
export function findEdge(answer: HttpAnswer): Edge | undefined {
  const { status, body, server = '', cfRay, cfMitigated } = answer;
  if (status === NETWORK_AUTHENTICATION_REQUIRED) return { product: undefined };
  if (cfMitigated === 'challenge') return { product: 'Cloudflare' };
  if (body.kind !== 'html') return undefined;
  const title = body.title ?? '';
  const named = TITLES.find(([pattern]) => pattern.test(title));
  // Whoever limits the rate or is overloaded says so in a page too; waiting helps there, and nothing else does.
  if (named && status !== 429) return { product: named[1] };
  const intermediary = INTERMEDIARIES.find(([pattern]) => pattern.test(server));
  if (intermediary) return { product: intermediary[1] };
  if (status !== 403 || ORIGIN_TITLE.test(title)) return undefined;
  const edge = EDGES.find(([pattern]) => pattern.test(server))?.[1] ?? (cfRay && 'Cloudflare');
  return edge === undefined ? undefined : { product: edge };
}
