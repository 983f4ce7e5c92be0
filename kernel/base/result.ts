// What a function returns that the world can make fail: a value, or a typed error. Nothing is thrown for it, so a caller sees both
// in the type. Our own mistakes are not results, they are assertions.

/** Either a value or an error; `ok` tells which. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Returns a success that carries `value`. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Returns a failure that carries `error`. */
export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
