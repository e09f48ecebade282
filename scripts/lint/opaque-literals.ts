// An oxlint plugin with one rule: a call says what its literals mean.
import type { RuleTester } from 'oxlint/plugins-dev';

type Rule = Extract<Parameters<RuleTester['run']>[1], { createOnce: unknown }>;
type Visitor = ReturnType<Rule['createOnce']>;
type Call = Parameters<NonNullable<Visitor['CallExpression' | 'NewExpression']>>[0];
type Argument = Call['arguments'][number];

/**
 * Callees whose positions everybody knows: `name`, `Object.name`, `Object.*`, or `.name` for a method of any object.
 * An entry needs a reason that holds wherever the name is used.
 */
const POSITIONAL = new Set([
  // Values of one kind: operands, elements, samples, the fields of a date.
  'Math.*',
  '.of',
  '.push',
  'fc.constantFrom',
  'Date',
  'Date.UTC',
  // A range: from, to.
  'range',
  '.slice',
  '.splice',
  '.subarray',
  '.toString',
  // A place and the value put there.
  '.set',
  '.fill',
  'Buffer.alloc',
  // The value that the fold begins with.
  '.reduce',
  // The platform gives these no options object; `sleep` is what setTimeout of node:timers/promises is imported as.
  'JSON.stringify',
  'setTimeout',
  'sleep',
]);

/** Families of the platform: a value and its offset in a buffer; the operands of a system call in its own order. */
const POSITIONAL_FAMILY =
  /^(?:(?:read|write|[gs]et)(?:Big)?(?:U?[Ii]nt|Float|Double)\d*(?:[BL]E)?|(?:read|write|utimes)Sync)$/;

/** `null as never` is as opaque as `null`. */
function withoutType(argument: Argument): Argument {
  const isTyped =
    argument.type === 'TSAsExpression' ||
    argument.type === 'TSSatisfiesExpression' ||
    argument.type === 'TSNonNullExpression';
  return isTyped ? withoutType(argument.expression) : argument;
}

/** A literal that says nothing about its role; the numbers 0, 1 and -1 mostly mean themselves. */
function literalKind(argument: Argument): 'word' | 'number' | 'unit' | undefined {
  const bare = withoutType(argument);
  if (bare.type === 'Identifier') return bare.name === 'undefined' ? 'word' : undefined;
  const literal = bare.type === 'UnaryExpression' && bare.operator === '-' ? bare.argument : bare;
  if (literal.type !== 'Literal') return undefined;
  if (literal.value === null) return 'raw' in literal && literal.raw === 'null' ? 'word' : undefined;
  if (typeof literal.value === 'boolean') return 'word';
  if (typeof literal.value === 'number')
    return literal.value === 0 || literal.value === 1 ? 'unit' : 'number';
  return typeof literal.value === 'bigint' ? 'number' : undefined;
}

function opaqueArguments(call: Call): readonly Argument[] {
  if (call.arguments.length < 2) return [];
  const kinds = call.arguments.map(literalKind);
  const several = kinds.filter((kind) => kind !== undefined).length > 1;
  return call.arguments.filter((_, at) => kinds[at] === 'word' || (several && kinds[at] === 'number'));
}

function isPositional({ callee }: Call): boolean {
  if (callee.type === 'Identifier') return POSITIONAL.has(callee.name) || POSITIONAL_FAMILY.test(callee.name);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  const method = callee.property.name;
  if (POSITIONAL.has(`.${method}`) || POSITIONAL_FAMILY.test(method)) return true;
  if (callee.object.type !== 'Identifier') return false;
  return POSITIONAL.has(`${callee.object.name}.${method}`) || POSITIONAL.has(`${callee.object.name}.*`);
}

const opaqueLiterals: Rule = {
  meta: { type: 'suggestion' },
  createOnce(context) {
    const look = (call: Call): void => {
      const opaque = opaqueArguments(call);
      const [first] = opaque;
      if (first === undefined || isPositional(call)) return;
      const literals = opaque.map((argument) => context.sourceCode.getText(argument)).join(', ');
      context.report({
        node: first,
        message: `Nobody can tell here what ${literals} means: take an options object or a named constant.`,
      });
    };
    return { CallExpression: look, NewExpression: look };
  },
};

export default { meta: { name: 'stethos' }, rules: { 'opaque-literals': opaqueLiterals } };
