import type { AddressFlaw } from '../../../src/target/request/routes.ts';

/** What is wrong with a base URL to which requests can go, though not as the user means. */
export interface FlawWords {
  readonly problem: string;
  readonly remedy: string;
}

const WORDS: Readonly<Record<AddressFlaw, FlawWords | undefined>> = {
  // No request can go there at all.
  unreadable: undefined,
  wrong_scheme: undefined,
  query_in_base: {
    problem: 'it holds a query, and the path of each request lands behind it',
    remedy: 'move its query to query_params',
  },
  fragment_in_base: {
    problem: 'it holds a #, and what follows is never sent, the path of each request with it',
    remedy: 'remove the # and what follows',
  },
  space_in_base: {
    problem: 'it ends in white space, which becomes part of each path',
    remedy: 'remove the white space',
  },
};

export const describeFlaw = (flaw: AddressFlaw | undefined): FlawWords | undefined => flaw && WORDS[flaw];
