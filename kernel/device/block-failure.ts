// The failure of an awaited request to a block device. In a file of its own, so that who only polls does not carry a class of errors.

import type { BlockErrorKind } from './block.ts';

/** What the promise of a request rejects with: a BlockError that can be thrown. */
export class BlockFailure extends Error {
  readonly kind: BlockErrorKind;

  constructor(kind: BlockErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
