const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const HEXADECIMAL = /^[0-9a-f]+$/i;
/** MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
const DIGEST_LENGTHS: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);
const DIGEST_LABEL = /^(?:md5|sha\d{1,3})[-:=]/i;

/** True for a digest in hexadecimal or with its name in front, and for a UUID: identifiers, by themselves no secrets. */
export function isIdentifier(value: string): boolean {
  return (
    UUID.test(value) ||
    DIGEST_LABEL.test(value) ||
    (DIGEST_LENGTHS.has(value.length) && HEXADECIMAL.test(value))
  );
}

/** Shorter runs are as likely a name as a secret. */
const MIN_OPAQUE_LENGTH = 16;
/** Random letters and digits change class at about every second character, names with numbers in them rarely. */
const MIN_SWITCHES_PER_CHARACTER = 0.3;
/** Words in camelCase average five letters; random letters fall into "words" of two. */
const MAX_LETTERS_PER_WORD = 2.6;
/** What lies behind this many characters cannot make a value less opaque. */
const MAX_INSPECTED = 4_096;

/**
 * True when some part of the value looks made by a machine: nobody types it and nobody names things so. Digests and
 * UUIDs are not counted ({@link isIdentifier}), words, versions, paths and model names do not look like that.
 */
export function isOpaque(value: string): boolean {
  const inspected = value.slice(0, MAX_INSPECTED);
  if (inspected.length < MIN_OPAQUE_LENGTH || isIdentifier(inspected)) return false;
  return inspected.split(/[^A-Za-z0-9_-]+/).some((part) => !isIdentifier(part) && isRandomRun(part));
}

function isRandomRun(part: string): boolean {
  const run = part.replaceAll(/[_-]/g, '');
  if (run.length < MIN_OPAQUE_LENGTH) return false;
  if (/\d/.test(run)) return /[A-Za-z]/.test(run) && switches(run) / run.length >= MIN_SWITCHES_PER_CHARACTER;
  const words = run.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  return words.length > 1 && run.length / words.length < MAX_LETTERS_PER_WORD;
}

function switches(run: string): number {
  let count = 0;
  let before = '';
  for (const character of run) {
    const now = character <= '9' ? 'digit' : character <= 'Z' ? 'upper' : 'lower';
    if (now !== before) count += 1;
    before = now;
  }
  return count - 1;
}

const STATES: ReadonlySet<string> = new Set(
  (
    'true false yes no on off none null nil undefined unset set empty present absent missing unknown expired ' +
    'valid invalid ok okay rejected accepted revoked required optional enabled disabled available unavailable ' +
    'found configured unconfigured stored default auto automatic redacted hidden masked removed omitted filtered ' +
    'unreadable unused ignored denied failed failure error stale fresh incomplete pending refreshed unchanged ' +
    'changed mismatch supported unsupported n/a not environment env file files keyring keychain auth.json ' +
    'bearer basic digest string number boolean object array'
  ).split(' '),
);
/** A reference to where a value comes from: `$NAME`, `${NAME}`, `%NAME%`, `{{name}}`, `env:NAME`, `env.NAME`. */
const REFERENCE =
  /^(?:\$\{?[A-Za-z_][\w.:]*\}?|\$?\{\{.*\}\}|%\w+%|env[:.]\w+|process\.env\b.*|os\.environ\b.*)$/s;
/** At least two words, so that a one-word value in capitals is not taken for a name. */
const VARIABLE_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const PLACEHOLDER = /^(?:<[A-Za-z][A-Za-z _-]*>|\[[A-Za-z][A-Za-z _-]*\]|[*•x.…]+)$/;
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/]/;

/** True when a value that stands behind a secret's name says something about it without being it. */
export function isHarmless(value: string): boolean {
  const word = value.toLowerCase();
  return (
    STATES.has(word) ||
    REFERENCE.test(value) ||
    PLACEHOLDER.test(value) ||
    DIGEST_LABEL.test(value) ||
    (VARIABLE_NAME.test(value) && !isOpaque(value)) ||
    (PATH.test(value) && !isOpaque(value))
  );
}
