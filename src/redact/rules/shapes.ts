import { isOpaque } from '../opaque.ts';
import { AFTER_ESCAPE, byPattern } from './rule.ts';
import type { Range, RedactionRule } from './rule.ts';

const PRIVATE_KEY_MARK = /-----(?<side>BEGIN|END)[A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?(?:-{1,5})?/g;
/** What a block is made of: base64, line ends (also written out), the quotes and commas of a list of lines. */
const KEY_MATERIAL = /[A-Za-z0-9+/=\s\\"',]/;
/** Encryption headers before the key itself. */
const BLOCK_HEADERS =
  /(?:\\[nr]|[\s\\])*(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): [^\r\n\\]{0,200}(?:\\[nr]|[\s\\])*){0,6}/y;

/** A private key in PEM: between its marks; where one mark is cut off, all the key material next to the other. */
function* privateKeys(text: string): Generator<Range> {
  const marks = [...text.matchAll(PRIVATE_KEY_MARK)];
  let covered = 0;
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1];
    let start = mark.index;
    let end = mark.index + mark[0].length;
    if (start < covered) continue;
    if (mark.groups?.['side'] === 'END') {
      while (start > covered && KEY_MATERIAL.test(text.charAt(start - 1))) start -= 1;
    } else if (next?.groups?.['side'] === 'END') {
      end = next.index + next[0].length;
    } else {
      BLOCK_HEADERS.lastIndex = end;
      if (BLOCK_HEADERS.test(text)) end = BLOCK_HEADERS.lastIndex;
      while (end < text.length && KEY_MATERIAL.test(text.charAt(end))) end += 1;
    }
    covered = end;
    yield { start, end };
  }
}

/** Base64 of the first names that a token's header begins with: alg, typ, kid, cty, enc, jku, x5t. */
const HEADER_NAMES = 'hbGci|0eXAi|raWQi|jdHki|lbmMi|qa3Ui|4NXQi';

/** Secrets that tell by their build, whoever made them. */
export const SHAPE_RULES: readonly RedactionRule[] = [
  {
    id: 'private-key',
    finds: 'Private keys in PEM, whole or cut off, on several lines or with the line ends written out',
    hints: ['PRIVATE KEY'],
    confident: true,
    find: privateKeys,
  },
  {
    id: 'jwt',
    finds: 'JSON Web Tokens, and anything else that is JSON in base64',
    hints: ['eyJ'],
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:(?<![A-Za-z0-9+/])|${AFTER_ESCAPE}|(?=eyJ(?:${HEADER_NAMES})))eyJ[A-Za-z0-9_+/-]{12,}=*(?:\.[A-Za-z0-9_+/-]+=*)*`,
    }),
  },
  {
    id: 'openai-key',
    confident: true,
    finds: 'Keys with the mark of OpenAI in the middle, also in the middle of a word',
    hints: ['T3BlbkFJ'],
    find: byPattern({ source: 'sk-[A-Za-z0-9_-]{0,200}?T3BlbkFJ[A-Za-z0-9_-]*' }),
  },
  {
    id: 'azure-key',
    confident: true,
    finds: 'Keys with the marks of Azure',
    hints: ['JQQJ99', '+ASt', 'ACDb', '+ABa', 'AzSe', 'AzFu', '+ACR'],
    find: byPattern({
      source: String.raw`(?:(?<![A-Za-z0-9+/])|${AFTER_ESCAPE})(?:[A-Za-z0-9]{40,52}JQQJ99[A-Za-z0-9]{20,40}|[A-Za-z0-9+/]{30,76}(?:\+ASt|ACDb|\+ABa|AzSe|AzFu|\+ACR)[A-Za-z0-9+/]{4,8}={0,2}(?![A-Za-z0-9+/=]))`,
    }),
  },
  {
    id: 'azure-client-secret',
    confident: true,
    finds: 'Client secrets of Microsoft Entra',
    hints: ['Q~'],
    find: byPattern({
      source: String.raw`(?:(?<![\w~.-])|${AFTER_ESCAPE})[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{28,40}`,
    }),
  },
  {
    id: 'sas-signature',
    finds: 'Signatures of shared access links',
    hints: ['sig=', 'Signature='],
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:\bsig|Signature)=(?<secret>[A-Za-z0-9%+/_-]{20,}=*)`,
      accepts: ({ secret }) => isOpaque(secret),
    }),
  },
  {
    id: 'telegram-token',
    finds: 'Bot tokens of Telegram',
    hints: [':AA'],
    find: byPattern({ source: String.raw`(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{30,}` }),
  },
  {
    id: 'discord-token',
    finds: 'Tokens of Discord',
    // Base64 of two digits, with which the number of the account in front begins.
    hints: ['mfa.', 'MD', 'MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'],
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`(?:(?<![\w.-])|${AFTER_ESCAPE})(?:mfa\.[\w-]{60,100}|(?:[MN][DTjz]|O[DT])[A-Za-z\d]{21,26}\.[\w-]{6}\.[\w-]{25,110})(?![\w-])`,
    }),
  },
  {
    id: 'webhook',
    confident: true,
    finds: 'The secret part of webhook addresses',
    hints: ['hooks.slack.com/', 'api/webhooks/', 'webhook.office.com/', 'api.telegram.org/bot'],
    find: byPattern({
      source: String.raw`(?:hooks\.slack\.com/(?:services|workflows|triggers)/|/api/webhooks/\d{6,30}/|webhook\.office\.com/webhookb2/|api\.telegram\.org/bot)(?<secret>[\w@%:/.-]+)`,
      flags: 'i',
    }),
  },
  {
    id: 'aws-account',
    finds: 'Account numbers of Amazon',
    hints: ['account'],
    ignoreCase: true,
    find: byPattern({
      beginsWithHint: true,
      source: String.raw`account["'_-]{0,2}(?:id)?["'\\]{0,4}\s{0,3}(?:=>|[=:])\s{0,3}["'\\]{0,4}(?<secret>\d{4}-?\d{4}-?\d{4})(?!\d)`,
      flags: 'i',
    }),
  },
];
