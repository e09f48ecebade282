import { visible } from '../../src/redact/control.ts';

/** An element with attributes in their order, and either text or elements in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | readonly XmlElement[];
}

export const element = (
  name: string,
  attributes: XmlElement['attributes'],
  content: XmlElement['content'] = [],
): XmlElement => ({ name, attributes, content });

/**
 * A document of XML 1.0 in UTF-8. Text may be anything: characters that XML has no way to say (ESC, NUL, halves of
 * surrogate pairs, U+FFFE) are written out as `\u001b`. Names of elements and attributes are the caller's own.
 */
export const xmlDocument = (root: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${linesOf(root, '').join('\n')}\n`;

function linesOf({ name, attributes, content }: XmlElement, indent: string): readonly string[] {
  const start = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${attributeText(value)}"`),
  ];
  const opening = `${indent}<${start.join(' ')}`;
  if (content.length === 0) return [`${opening}/>`];
  // No space around text: it would be part of it.
  if (typeof content === 'string') return [`${opening}>${escaped(content)}</${name}>`];
  return [`${opening}>`, ...content.flatMap((child) => linesOf(child, `${indent}  `)), `${indent}</${name}>`];
}

/** A reader turns line feeds and tabs in attributes into spaces, unless they are written as references. */
const attributeText = (value: string | number): string =>
  escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

/** Also `>`, because `]]>` may not stand in text. */
const escaped = (text: string): string =>
  visible(text)
    .replaceAll(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
