/**
 * A list of numbers that grows without being moved. Copying a long list to a longer one, over and over, leaves holes that
 * the allocator cannot give back: twice what the list itself takes.
 */
export interface Growing<Chunk extends Int32Array | Float64Array> {
  readonly chunks: Chunk[];
  /** 0 where nothing was set. */
  at(index: number): number;
  set(index: number, value: number): void;
}

/** Numbers in a chunk, as a power of two: 64 KiB of words. */
const CHUNK_BITS = 14;
const CHUNK_LENGTH = 2 ** CHUNK_BITS;
const CHUNK_MASK = CHUNK_LENGTH - 1;

export function createGrowing<Chunk extends Int32Array | Float64Array>(
  Type: new (length: number) => Chunk,
  chunks: Chunk[] = [],
): Growing<Chunk> {
  return {
    chunks,
    at: (index) => chunks[index >> CHUNK_BITS]?.[index & CHUNK_MASK] ?? 0,
    set(index, value) {
      while (chunks.length <= index >> CHUNK_BITS) chunks.push(new Type(CHUNK_LENGTH));
      const chunk = chunks[index >> CHUNK_BITS];
      if (chunk) chunk[index & CHUNK_MASK] = value;
    },
  };
}
