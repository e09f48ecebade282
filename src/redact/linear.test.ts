import { expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';
import { SECRET_RULES } from './rules.ts';

/*
 * A search that is not linear costs more for each character the longer the text is. Compared are the costs of one
 * character in a short and in a sixteen times longer text, in processor time of this process, so that a busy machine
 * does not matter. Quadratic search has a ratio of sixteen.
 */
const SHORT = 4_096;
const FACTOR = 16;
const MAX_RATIO = 8;
/** Below this the measurement is noise; a quadratic search of the long text takes far longer. Milliseconds. */
const NOISE_MS = 40;

const HINTS = SECRET_RULES.flatMap((rule) => rule.hints);

/** What the patterns of the rules begin with, and what can make them begin in vain. */
const BEGINNINGS = [
  'a',
  'a1',
  'a.',
  'a-',
  'é',
  ' ',
  '\\',
  '"',
  String.raw`\"`,
  String.raw`\n`,
  '<a:1>',
  'password=<a:1>',
  '\u200b',
  '\ud800',
  '\u001b[',
  '\u001b]',
  '\u001b[0m',
  String.raw`\u001b`,
  'eyJ',
  'eyJhbGci',
  'eyJ.',
  '://',
  'a://',
  'a:b@',
  'a@',
  '@a.',
  'https://a?',
  'https://a?b=c&',
  'https://u:p/',
  'https://a,',
  'http://a:b',
  'a b@c.d:80 ',
  '/home/',
  '/home/ann',
  'C:\\Users\\',
  'password=',
  'password="',
  'password="\\',
  'password=a,',
  'token: ',
  'token=true ',
  'token="true',
  '--token ',
  '--token,',
  'authorization: ',
  'authorization: bearer ',
  'authorization: digest ',
  'cookie: a=',
  'bearer ',
  'basic ',
  'login a password b ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----Proc-Type: ',
  'sk-T3',
  'M.',
  '1:AA',
];

function processorMs(text: string): number {
  const redactor = createRedactor({ userDirectory: '/home/ann', userName: 'annika', hostName: 'workbench' });
  const before = process.cpuUsage();
  redactor.text(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Cost of a character in the long text by its cost in the short one; measured again while it looks bad. */
function ratioFor(unit: string): number {
  const short = unit.repeat(Math.ceil(SHORT / unit.length));
  let ratio = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && ratio >= MAX_RATIO; attempt += 1) {
    const longMs = processorMs(short.repeat(FACTOR));
    if (longMs < NOISE_MS) return 0;
    ratio = Math.min(ratio, longMs / processorMs(short) / FACTOR);
  }
  return ratio;
}

it.each([...new Set([...HINTS, ...BEGINNINGS])])('takes time in proportion to the text: %j', (unit) => {
  expect(ratioFor(unit)).toBeLessThan(MAX_RATIO);
});
