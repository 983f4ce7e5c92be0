// What the support page says of anything: it is kept by code and proved by tests, does not apply, or is open.
// A claim names code and tests by file and name, and `make check` looks them up (check.ts).

/** A declaration that a file exports, or a test by its title; `describe > it` where the title alone is not unique in its file. */
export interface Place {
  readonly file: string;
  readonly name: string;
}

/** Code does it, and a test fails when the code does not. */
export interface Kept {
  readonly code: readonly Place[];
  readonly tests: readonly Place[];
}

/** It cannot arise here. The reason continues the words `not applicable:`. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** It is not done, or nothing proves it. The reason continues the word `open:`. */
export interface Open {
  readonly open: string;
}

/** One of the three, never two. */
export type Claim = Kept | NotApplicable | Open;

/** How a claim is counted at the top of the page. */
export type State = 'kept' | 'not applicable' | 'open';

/** Returns how a claim is counted. */
export const stateOf = (claim: Claim): State => {
  if ('open' in claim) return 'open';
  return 'notApplicable' in claim ? 'not applicable' : 'kept';
};

/** Returns a function that names something in `file`, so that a file which moves is one line to change. */
export const inFile =
  (file: string) =>
  (name: string): Place => ({ file, name });
