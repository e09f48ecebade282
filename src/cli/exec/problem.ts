/** Something that keeps the work from being done, in words for the user; exit code 1. */
export class ExecProblem extends Error {
  override readonly name = 'ExecProblem';
}
