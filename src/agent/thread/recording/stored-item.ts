import { hasItemShape, isKnownItemType } from '../../protocol/item-shape.ts';
import type { ResponseItem } from '../../protocol/item.ts';

/** An item of a conversation, out of a file; undefined for what the core could not work with. Nothing is left out of it. */
export const storedItem = (value: unknown): ResponseItem | undefined =>
  hasItemShape(value) ? value : undefined;

/** Kinds of items that a rollout keeps (spec/agent-core.md 8.2); compaction triggers are not among them. */
export const isKeptItem = ({ type }: { readonly type?: unknown }): boolean => isKnownItemType(type);
