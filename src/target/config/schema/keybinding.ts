const KEY_NAMES =
  'enter|return|tab|backspace|esc|escape|delete|del|space|spacebar|minus|up|down|left|right|home|end|' +
  'page-?up|page-?down|pgup|pgdn';
const MODIFIERS = 'ctrl|control|alt|option|shift|cmd|command|super';
/** Modifiers, then one printable key other than the hyphen, a function key or a key's name. */
const STROKE = new RegExp(`^(?:(?:${MODIFIERS})-)*(?:[!-,.-~]|f0?(?:[1-9]|1\\d|2[0-4])|${KEY_NAMES})$`, 'i');

/** Whether the agent takes a text for keys: one stroke or two, the first of which may be `leader`. */
export function isKeybinding(text: string): boolean {
  const [first, second, third] = text.split(/\s+/).filter((stroke) => stroke !== '');
  if (first === undefined || third !== undefined) return false;
  if (second === undefined) return STROKE.test(first);
  return (STROKE.test(first) || first.toLowerCase() === 'leader') && STROKE.test(second);
}
