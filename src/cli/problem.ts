/** Something that keeps the work from being done, in words for the user. Printed without a stack, exit code 1. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
