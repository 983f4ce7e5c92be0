// What a test that runs on the machine imports: `import { describe, expect, it } from 'hedyn/test'`. As in Vitest, which runs it from the host; docs/testing.md.

import { it } from './registry.ts';
import { fn } from './spy.ts';

export { expect } from './expect.ts';
export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  type TestContext,
  type TestOptions,
} from './registry.ts';
export type { Spy } from './spy.ts';

/** The same as `it`. */
export const test = it;

/** Functions that note their calls. */
export const vi = { fn };
