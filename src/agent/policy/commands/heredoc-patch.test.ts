import { expect, test } from 'vitest';
import { heredocPatch } from './heredoc-patch.ts';

const PATCH = '*** Begin Patch\n*** Delete File: a\n*** End Patch';
const of = (script: string): ReturnType<typeof heredocPatch> => heredocPatch(['bash', '-lc', script]);

test.each([
  [`apply_patch <<'EOF'\n${PATCH}\nEOF`, { patch: PATCH }],
  [`apply_patch <<EOF\n${PATCH}\nEOF\n`, { patch: PATCH }],
  [`applypatch <<"PATCH"\n${PATCH}\nPATCH\n`, { patch: PATCH }],
  [`cd a && apply_patch <<'EOF'\n${PATCH}\nEOF\n`, { patch: PATCH, cwd: 'a' }],
  [`cd 'a b' && apply_patch <<'EOF'\n${PATCH}\nEOF\n`, { patch: PATCH, cwd: 'a b' }],
  [`cd "/x/y" && apply_patch <<'EOF'\n${PATCH}\nEOF\n`, { patch: PATCH, cwd: '/x/y' }],
  [`apply_patch <<-'EOF'\n\t${PATCH.replaceAll('\n', '\n\t')}\n\tEOF\n`, { patch: PATCH }],
  ["apply_patch <<'EOF'\n+ $x `y` \\n\nEOF", { patch: '+ $x `y` \\n' }],
])('a patch: %j', async (script, expected) => expect(await of(script)).toEqual(expected));

test.each([
  `foo && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd a; apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd a || apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd a b && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd $x && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd ~/x && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `cd a && cd b && apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `apply_patch <<'EOF'\n${PATCH}\nEOF\nls`,
  `ls\napply_patch <<'EOF'\n${PATCH}\nEOF`,
  `apply_patch <<'EOF' && ls\n${PATCH}\nEOF`,
  `apply_patch <<'EOF' | cat\n${PATCH}\nEOF`,
  `apply_patch <<'EOF' > log\n${PATCH}\nEOF`,
  `apply_patch <<'EOF' &\n${PATCH}\nEOF`,
  `apply_patch x <<'EOF'\n${PATCH}\nEOF`,
  `A=1 apply_patch <<'EOF'\n${PATCH}\nEOF`,
  `(apply_patch <<'EOF'\n${PATCH}\nEOF\n)`,
  `cat <<'EOF'\napply_patch\nEOF`,
  'apply_patch',
  "apply_patch <<< 'x'",
])('an ordinary command (trap 28): %j', async (script) => expect(await of(script)).toBeUndefined());

test('not a script of a shell', async () =>
  expect(await heredocPatch(['apply_patch', PATCH])).toBeUndefined());
