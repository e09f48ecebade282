import type { Clock } from '../../../host/clock.ts';
import { all } from '../../../net/http/answer.ts';
import type { AnswerHeaders } from '../../../net/http/answer.ts';

/**
 * The cookies with which Cloudflare knows a client again, so that it need not prove itself with every request
 * (spec/transport.md 1.2). For https hosts of ChatGPT alone, and never a cookie of an account.
 */
export interface CookieJar {
  /** The value of a `Cookie` header; undefined when there is nothing to say. */
  cookieFor(url: URL): string | undefined;
  /** Keeps what an answer sets. */
  keep(url: URL, headers: AnswerHeaders): void;
}

interface Cookie {
  readonly value: string;
  /** The host that set it, or the domain that it set it for. */
  readonly domain: string;
  readonly includesSubdomains: boolean;
  readonly expiresAtMs: number;
}

const CHATGPT_HOST =
  /^(?:chatgpt\.com|chat\.openai\.com|chatgpt-staging\.com|.+\.chatgpt\.com|.+\.chatgpt-staging\.com)$/;
const CLOUDFLARE_NAME =
  /^(?:__cf_bm|__cflb|__cfruid|__cfseq|__cfwaitingroom|_cfuvid|cf_clearance|cf_ob_info|cf_use_ob|cf_chl_.*)$/;

export function createCookieJar(clock: Pick<Clock, 'now'>): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    cookieFor: (url) => {
      if (!isForChatGpt(url)) return undefined;
      const now = clock.now();
      const pairs = [...cookies]
        .filter(([, cookie]) => cookie.expiresAtMs > now && isFor(cookie, url.hostname))
        .map(([key, { value }]) => `${nameOf(key)}=${value}`);
      return pairs.length === 0 ? undefined : pairs.join('; ');
    },
    keep: (url, headers) => {
      if (!isForChatGpt(url)) return;
      for (const line of all(headers, 'set-cookie')) {
        const { name, ...cookie } = readCookie(line, url.hostname, clock.now());
        if (CLOUDFLARE_NAME.test(name) && isFor(cookie, url.hostname))
          cookies.set(`${name}@${cookie.domain}`, cookie);
      }
    },
  };
}

const nameOf = (key: string): string => key.slice(0, key.lastIndexOf('@'));

const isForChatGpt = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' && CHATGPT_HOST.test(hostname);

const isFor = ({ domain, includesSubdomains }: Cookie, host: string): boolean =>
  host === domain || (includesSubdomains && host.endsWith(`.${domain}`));

/** RFC 6265 section 5.2, without paths: all of these cookies are for a whole host. */
function readCookie(line: string, host: string, nowMs: number): Cookie & { readonly name: string } {
  const [pair = '', ...attributes] = line.split(';');
  const [name, value] = halves(pair);
  let domain = '';
  let maxAgeSeconds: number | undefined;
  let expiresAtMs = Number.POSITIVE_INFINITY;
  for (const attribute of attributes) {
    const [key, text] = halves(attribute);
    if (/^domain$/i.test(key)) domain = text.replace(/^\./, '').toLowerCase();
    if (/^max-age$/i.test(key) && /^-?\d+$/.test(text)) maxAgeSeconds = Number(text);
    if (/^expires$/i.test(key) && !Number.isNaN(Date.parse(text))) expiresAtMs = Date.parse(text);
  }
  return {
    name,
    value,
    domain: domain || host,
    // No cookie is for a whole top-level domain.
    includesSubdomains: domain.includes('.'),
    expiresAtMs: maxAgeSeconds === undefined ? expiresAtMs : nowMs + maxAgeSeconds * 1_000,
  };
}

function halves(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
