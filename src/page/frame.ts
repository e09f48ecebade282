import { createHash } from 'node:crypto';
import { markupOf } from './html.ts';
import type { Html } from './html.ts';

/** What a page brings besides its text; nothing else is loaded or runs. */
export interface PageParts {
  readonly title: Html;
  readonly style: string;
  /** Runs after the page was read. */
  readonly script: string;
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing may be loaded, and of code and style only what stands here. */
const policyOf = ({ style, script }: PageParts): string =>
  [
    "default-src 'none'",
    `style-src ${sourceOf(style)}`,
    `script-src ${sourceOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** What stands before the body of a page that needs nothing else: its policy forbids everything that is not in it. */
export const pageHead = (parts: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${markupOf(parts.title)}</title>
<style>${parts.style}</style>
</head>
<body>
`;

export const pageEnd = ({ script }: PageParts): string => `<script>${script}</script>\n</body>\n</html>\n`;
