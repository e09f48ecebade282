import { isHarmless, isOpaque } from '../opaque.ts';
import { AFTER_ESCAPE, byPattern } from './rule.ts';
import type { RedactionRule } from './rule.ts';

const BACKTICK = '`';
/** Between a header's name and its value, also inside JSON or a dictionary of some language. */
const TO_VALUE = String.raw`["'\\\]]{0,8}\s{0,3}(?:=>|[=:,])\s{0,3}["'\\[]{0,8}`;
/** Words that follow the scheme in a sentence about it or in a challenge. */
const NOT_CREDENTIALS =
  /^(?:tokens?|auth|authentication|authorization|headers?|schemes?|credentials?|realm|errors?|keys?|challenge|is|was|not|or|and|required|type|prefix|format|method|flow|access|realm=.*)$/i;

const isCredential = (value: string): boolean => !NOT_CREDENTIALS.test(value) && !isHarmless(value);

/** Of those that stand before a host and port. */
const LONGEST_PASSWORD = 128;

/** Headers that carry credentials. The names stay, and the scheme where it says how one signs in. */
export const HEADER_RULES: readonly RedactionRule[] = [
  {
    id: 'authorization',
    finds: 'Values of Authorization headers',
    hints: ['authorization'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`authorization${TO_VALUE}(?:bearer|basic|token|apikey|api-key|bot|negotiate|ntlm|dpop|agentassertion|gnap|key)(?:[ \t]|%20|\+){1,4}(?:token=)?["'\\]{0,4}(?<secret>[^\s"'${BACKTICK}\\,;]+)`,
      flags: 'i',
      accepts: ({ secret }) => isCredential(secret),
    }),
  },
  {
    id: 'authorization',
    finds: 'Values of Authorization headers that consist of several parts',
    hints: ['authorization'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`authorization${TO_VALUE}(?:digest|oauth|aws4-hmac-sha256|hawk|scram-[\w-]{1,20}|hoba|mutual|signature)[ \t]{1,4}(?<secret>(?=[^\r\n=]{0,64}=)[^\r\n]+)`,
      flags: 'i',
    }),
  },
  {
    id: 'authorization',
    finds: 'Values of Authorization headers without a scheme',
    hints: ['authorization'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`authorization${TO_VALUE}(?<secret>[^\s"'${BACKTICK}\\,;]+)(?=["'${BACKTICK}\\,;]|[ \t]*(?:[\r\n]|$))`,
      flags: 'i',
      accepts: ({ secret }) =>
        isCredential(secret) && !/^(?:chatgpt|api[_-]?key|oauth|digest|negotiate|ntlm)$/i.test(secret),
    }),
  },
  {
    id: 'authorization',
    finds: 'Bearer credentials outside a header',
    hints: ['bearer'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:(?<![A-Za-z])|${AFTER_ESCAPE})bearer(?:[ \t]|%20|\+){1,4}(?<secret>[A-Za-z0-9._~+/-]{6,}=*)`,
      flags: 'i',
      accepts: ({ secret }) =>
        isCredential(secret) &&
        (/\d/.test(secret) || /[a-z][A-Z]/.test(secret) || secret.length >= 24 || isOpaque(secret)),
    }),
  },
  {
    id: 'authorization',
    finds: 'Basic credentials outside a header',
    hints: ['basic'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:(?<![A-Za-z])|${AFTER_ESCAPE})basic[ \t]{1,4}(?<secret>[A-Za-z0-9+/_-]{6,}={0,2})(?![A-Za-z0-9])`,
      flags: 'i',
      accepts: ({ secret }) => /^[ -~]*:[ -~]*$/.test(Buffer.from(secret, 'base64').toString('latin1')),
    }),
  },
  {
    id: 'cookie',
    finds: 'Values of cookies',
    hints: ['cookie'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`cookie2?["'\\\]]{0,8}\s{0,3}[:=,]\s{0,3}["'\\[]{0,8}[\w.$-]{1,128}=(?<secret>[^\r\n"'\\]+)`,
      flags: 'i',
    }),
  },
  {
    id: 'cookie',
    finds: 'Cookies of sessions and of protection against robots, wherever they stand',
    hints: [
      '__cf',
      '_cfuvid',
      'cf_clearance',
      '_puid',
      'session-token',
      '__secure-',
      '__host-',
      'oai-',
      'sessionid',
      'connect.sid',
      'phpsessid',
      'jsessionid',
    ],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:__cf_?bm|__cfruid|_cfuvid|cf_clearance|_puid|__(?:secure|host)-[\w.-]{1,100}|oai-[\w-]{1,64}|sessionid|connect\.sid|phpsessid|jsessionid)=(?<secret>[^\s;"'\\,]{6,})`,
      flags: 'i',
    }),
  },
  {
    id: 'proxy-credentials',
    finds: 'User and password before a host and port without a scheme',
    hints: ['@'],
    find: byPattern({
      mayStandAt: (text, place) =>
        /[^\s@/"'<>:\\]/.test(text.charAt(place - 1)) &&
        /[\w.-]/.test(text.charAt(place + 1)) &&
        text.slice(Math.max(0, place - LONGEST_PASSWORD - 1), place).includes(':'),
      before: 200,
      after: 272,
      lookAhead: 272,
      source: String.raw`(?<![\w.%+:/@-])(?<secret>[\w.%+-]{1,64}:[^\s@/"'<>:\\]{1,${LONGEST_PASSWORD}})@(?=[A-Za-z\d.-]{1,253}:\d{2,5}(?![\w.]))`,
    }),
  },
  {
    id: 'named-value',
    finds: 'Passwords in netrc files',
    hints: ['password'],
    find: byPattern({
      source: String.raw`\blogin\s{1,8}\S{1,256}\s{1,8}password\s{1,8}(?<secret>\S{1,4096})`,
    }),
  },
];
