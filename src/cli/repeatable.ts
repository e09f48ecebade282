/** Every repeatable option takes one value per occurrence, so that it never swallows what follows. */
export const repeatable = {
  type: 'string',
  array: true,
  requiresArg: true,
  default: [] as string[],
  defaultDescription: 'none',
} as const;
