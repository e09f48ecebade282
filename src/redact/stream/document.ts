import { escapedForJson } from '../control.ts';
import type { Redactor } from '../redactor.ts';
import type { FindingList } from './findings.ts';
import { createTextRedactor } from './text.ts';
import type { StreamRedactor } from './text.ts';

/** A larger document is redacted as text: as data it would need a multiple of its size. */
const MAX_DOCUMENT = 16 * 1024 * 1024;
const INDENT = 2;

/** Redacts one document of JSON, which stays one; what is no JSON, or too large, is redacted as text. */
export function createDocumentRedactor(redactor: Redactor, findings: FindingList): StreamRedactor {
  let pieces: string[] = [];
  let length = 0;
  let asText: StreamRedactor | undefined;
  return {
    push(text) {
      if (asText) return asText.push(text);
      pieces.push(text);
      length += text.length;
      if (length <= MAX_DOCUMENT) return '';
      asText = createTextRedactor(redactor, findings);
      const begun = pieces.join('');
      pieces = [];
      return asText.push(begun);
    },
    end() {
      if (asText) return asText.end();
      const document = pieces.join('');
      const place = { text: document, offset: 0, line: 0 };
      const { cuts, safe } = redactor.find(document);
      const branch = redactor.branch();
      const clean = branch.json(document, document.trim().includes('\n') ? INDENT : 0);
      if (clean === undefined) {
        const text = createTextRedactor(redactor, findings);
        return text.push(document) + text.end();
      }
      if (safe && branch.ledger().length === 0 && cuts.length === 0) return document;
      for (const cut of cuts) findings.note(cut, place);
      const rest = escapedForJson(clean) + (document.endsWith('\n') ? '\n' : '');
      // What only the text shows, such as a number under a secret's name.
      const text = createTextRedactor(redactor, findings);
      return redactor.find(rest).cuts.length === 0 ? rest : text.push(rest) + text.end();
    },
  };
}
