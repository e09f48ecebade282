import type { ToolSpec } from '../spec.ts';

/** The format that models are trained on: a grammar of Lark, which holds while they write. */
const GRAMMAR = `start: begin_patch hunk+ end_patch
begin_patch: "*** Begin Patch" LF
end_patch: "*** End Patch" LF?

hunk: add_hunk | delete_hunk | update_hunk
add_hunk: "*** Add File: " filename LF add_line+
delete_hunk: "*** Delete File: " filename LF
update_hunk: "*** Update File: " filename LF change_move? change?

filename: /(.+)/
add_line: "+" /(.*)/ LF -> line

change_move: "*** Move to: " filename LF
change: (change_context | change_line)+ eof_line?
change_context: ("@@" | "@@ " /(.+)/) LF
change_line: ("+" | "-" | " ") /(.*)/ LF
eof_line: "*** End of File" LF

%import common.LF
`;

const FORMAT = `A patch is plain text:

*** Begin Patch
*** Add File: <path>
+<every line of the new file begins with a plus>
*** Delete File: <path>
*** Update File: <path>
*** Move to: <path, only to rename the file>
@@ <a line above the change, such as the head of its function; or "@@" alone>
 <a line that stays>
-<a line that goes>
+<a line that comes>
*** End of File
*** End Patch

- A patch has one or more sections, each for one file. "*** End of File" stands only behind a change at the very end of a file.
- Give about three lines that stay before and after each change, so that its place is clear; add "@@ " with a line above where they
  are not enough. One file may have several changes, in the order of the file, each with its own "@@".
- Paths are relative to the working directory.`;

/** How a model is told to call `apply_patch` (`ModelInfo.applyPatch`). */
export function applyPatchSpec(form: 'freeform' | 'function'): ToolSpec {
  if (form === 'freeform')
    return {
      type: 'custom',
      name: 'apply_patch',
      description:
        'Edits files. The input is the patch itself as free text: do not put it into JSON or quotes.',
      format: { type: 'grammar', syntax: 'lark', definition: GRAMMAR },
    };
  return {
    type: 'function',
    name: 'apply_patch',
    description: `Edits files by a patch. ${FORMAT}`,
    strict: false,
    parameters: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole patch.' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
}
