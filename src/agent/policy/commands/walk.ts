import type { Node, Tree } from 'web-tree-sitter';

/** What a syntax tree consists of, in the order of the text. */
export interface Parts {
  readonly commands: readonly Node[];
  /** Types of the nodes that have a name in the grammar. */
  readonly named: ReadonlySet<string>;
  /** Operators and keywords. */
  readonly marks: ReadonlySet<string>;
  /** Every character belongs to a part, or stands between words. */
  readonly hasNoGap: boolean;
  /** False: the tree is larger than anybody writes, and its end was not looked at. */
  readonly isWhole: boolean;
}

/** More parts than any script has that was written to be read; a walk over them takes some milliseconds. */
const MAX_PARTS = 5_000;
const BLANKS = /^\s*$/;
/**
 * Escaped line ends among blanks of the same line. Alone they part nothing, the shell joins what stands around them; and behind
 * a line end the grammar takes them for a part of the command before.
 */
const CONTINUED_LINE = /^(?=[^]*[ \t])(?:[ \t]|\\\n)*$/;

/** Walks over a tree without recursion: a hostile script nests as deeply as it likes. */
export function partsOf(tree: Tree, script: string): Parts {
  const commands: Node[] = [];
  const named = new Set<string>();
  const marks = new Set<string>();
  const cursor = tree.walk();
  let [hasNoGap, end, count] = [true, 0, 0];
  try {
    for (let isInside = true; isInside && count < MAX_PARTS; count += 1) {
      (cursor.nodeIsNamed ? named : marks).add(cursor.nodeType);
      if (cursor.nodeType === 'command') commands.push(cursor.currentNode);
      if (cursor.gotoFirstChild()) continue;
      // The grammar passes over a word now and then, such as a lone `-` before a here-document.
      hasNoGap &&= partsWords(script.slice(end, cursor.startIndex));
      end = cursor.endIndex;
      while (isInside && !cursor.gotoNextSibling()) isInside = cursor.gotoParent();
    }
    hasNoGap &&= partsWords(script.slice(end));
    return { commands, named, marks, hasNoGap, isWhole: count < MAX_PARTS };
  } finally {
    cursor.delete();
  }
}

const partsWords = (gap: string): boolean => BLANKS.test(gap) || CONTINUED_LINE.test(gap);
