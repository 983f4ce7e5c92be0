// await and yield in the body of a loop that became a function (scripts/lower/flow/outline.ts).
//
// Porffor's coroutines have stacks, so a function called by one can suspend it. The bodies here are replaced in its C by exactly that
// (scripts/patch/coroutines.ts); they are never run.

/** Suspends the async function that called the function this is called in, until `value` has settled. Returns or throws what it settled to. */
export const awaitHere = (value: unknown): unknown => [value, 'await'];

/** Suspends the generator that called the function this is called in, handing out `value`. Returns what it is resumed with. */
export const yieldHere = (value: unknown): unknown => [value, 'yield'];
