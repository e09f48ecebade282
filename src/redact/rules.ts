import { EMAIL_RULE } from './rules/email.ts';
import { HEADER_RULES } from './rules/headers.ts';
import { MAKER_RULES } from './rules/makers.ts';
import { NAMED_RULE } from './rules/named.ts';
import { HOME_RULES } from './rules/names.ts';
import type { RedactionRule } from './rules/rule.ts';
import { SHAPE_RULES } from './rules/shapes.ts';
import { URL_RULES } from './rules/urls.ts';

/** What is a secret on any machine, most specific first: where two rules find the same text, the first one names it. */
export const SECRET_RULES: readonly RedactionRule[] = [
  ...SHAPE_RULES,
  ...MAKER_RULES,
  ...HEADER_RULES,
  ...URL_RULES,
  NAMED_RULE,
];

/** What tells who the user is. */
export const PERSONAL_RULES: readonly RedactionRule[] = [EMAIL_RULE, ...HOME_RULES];
