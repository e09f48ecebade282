import { hasItemShape } from '../../protocol/item-shape.ts';
import type { ResponseItem } from '../../protocol/item.ts';
import type { JsonValue } from '../../../host/json.ts';
import { isObject } from './json-parts.ts';

/** An older spelling. */
const COMPACTION_ALIAS = 'compaction_summary';
/** Stands in files alone. */
const FILE_ONLY = 'agent_message';

/**
 * An item as a server sent it; undefined when it is of no kind that the core knows, or lacks what its kind needs: a
 * thread could not be resumed with it. Keys that nobody knows are kept.
 */
export function readItem(value: JsonValue | undefined): ResponseItem | undefined {
  if (!isObject(value) || value['type'] === FILE_ONLY) return undefined;
  const item = value['type'] === COMPACTION_ALIAS ? { ...value, type: 'compaction' } : value;
  const { id } = item;
  const hasId = typeof id === 'string' || id === undefined || id === null;
  return hasId && hasItemShape(item) ? item : undefined;
}
