/** Whether every client takes a text as the value of a header: visible ASCII, blanks and tabs (RFC 9110, 5.5). */
export const isHeaderText = (value: string): boolean => /^[\t\x20-\x7e]*$/.test(value);
