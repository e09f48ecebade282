import type { ResponseItem } from './item.ts';

type Value = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNothing = (value: unknown): boolean => value === undefined || value === null || isText(value);
const isListOf = (value: unknown, isPart: (part: Value) => boolean): boolean =>
  Array.isArray(value) && value.every((part) => isObject(part) && isPart(part));

const isContent = (part: Value): boolean =>
  part['type'] === 'input_image' ? isText(part['image_url']) : isText(part['text']) || !isPlain(part);
/** Kinds whose text is read; kinds of content that are newer than this release go back to the provider as they came. */
const isPlain = ({ type }: Value): boolean =>
  type === 'input_text' || type === 'output_text' || typeof type !== 'string';
const isOutput = (value: unknown): boolean => isText(value) || isListOf(value, isContent);

/** What the core reads of each kind of item; all other keys are the provider's matter. */
const SHAPES: Readonly<Record<string, (item: Value) => boolean>> = {
  message: ({ role, content }) => isText(role) && isListOf(content, isContent),
  agent_message: () => true,
  reasoning: ({ summary, content }) =>
    isListOf(summary, ({ text }) => isText(text)) &&
    (content === undefined || content === null || isListOf(content, ({ text }) => isText(text))),
  local_shell_call: ({ call_id: id, status, action }) =>
    isTextOrNothing(id) && isText(status) && isObject(action),
  function_call: (item) => ['name', 'arguments', 'call_id'].every((key) => isText(item[key])),
  function_call_output: ({ call_id: id, output }) => isText(id) && isOutput(output),
  custom_tool_call: (item) => ['name', 'input', 'call_id'].every((key) => isText(item[key])),
  custom_tool_call_output: ({ call_id: id, output }) => isText(id) && isOutput(output),
  tool_search_call: ({ call_id: id, execution }) => isTextOrNothing(id) && isText(execution),
  tool_search_output: ({ call_id: id, tools }) => isTextOrNothing(id) && Array.isArray(tools),
  web_search_call: ({ action }) => action === undefined || action === null || isObject(action),
  image_generation_call: ({ status, result }) => isText(status) && isText(result),
  compaction: ({ encrypted_content: content }) => isText(content),
  context_compaction: ({ encrypted_content: content }) => isTextOrNothing(content),
};

/** A kind of item that this release knows. */
export const isKnownItemType = (type: unknown): type is string =>
  typeof type === 'string' && Object.hasOwn(SHAPES, type);

/** Whether something from outside, such as a stream or a file, is an item that the core can work with. */
export function hasItemShape(value: unknown): value is ResponseItem {
  if (!isObject(value)) return false;
  const { type } = value;
  return isKnownItemType(type) && SHAPES[type]?.(value) === true;
}
