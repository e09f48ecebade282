import type { StoreTold } from '../../store/watch.ts';

/** The databases of the home, in the words of the room that keeps them. They belong to no thread. */
export type StoreFact = StoreTold & { readonly threadId?: undefined };
