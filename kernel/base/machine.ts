// The machine types: numbers of which the back end knows the width.
//
// On Node each is a plain number, so a module runs there unchanged. The optional phantom members exist for the checker alone. `__machine` lists
// the types whose every value fits, so a `u8` is assignable to a `u16` and not the other way round. A literal or a sum (a plain `number`) is
// assignable to any of them; a `u32` is not assignable to an `i32`, nor an offset of one window to the other's.

export type i8 = number & { readonly __machine?: 'i8' };
export type u8 = number & { readonly __machine?: 'u8' };
export type i16 = number & { readonly __machine?: 'i16' | 'i8' | 'u8' };
export type u16 = number & { readonly __machine?: 'u16' | 'u8' };
export type i32 = number & { readonly __machine?: 'i32' | 'i16' | 'i8' | 'u16' | 'u8' };
export type u32 = number & { readonly __machine?: 'u32' | 'u16' | 'u8' };
/** A non-negative integer below 2^53: exact on Node, 64 bits wide on metal. */
export type u53 = number & { readonly __machine?: 'u53' | 'u32' | 'u16' | 'u8' };
export type f64 = number & { readonly __machine?: 'f64' | 'u53' | 'i32' | 'u32' | 'i16' | 'u16' | 'i8' | 'u8' };
export type bool = boolean;

/** A byte offset in the DMA window. */
export type DmaOffset = u32 & { readonly __flavour?: 'dma' };
/** A byte offset in the MMIO window. */
export type MmioOffset = u32 & { readonly __flavour?: 'mmio' };
/** An address on the memory bus, only ever shown, programmed into a device or handed to the Zig layer. */
export type PhysicalAddress = u53 & { readonly __flavour?: 'physical' };

/** `N` values of one machine type or record, side by side. The index is checked on metal. */
export interface FixedArray<T, N extends number> {
  [index: number]: T;
  readonly length: N;
}

/**
 * Returns an array of `length` elements: copies of a number or boolean, or new instances of a record class.
 * On Node the array is sealed, so that a store outside it throws there too.
 */
export const fixedArray = <T, N extends number>(length: N, initial: T | (new () => T)): FixedArray<T, N> =>
  Object.seal(
    Array.from({ length }, () => (typeof initial === 'function' ? new (initial as new () => T)() : initial)),
  ) as unknown as FixedArray<T, N>;

/**
 * Makes a record what it was when it was new, for whoever has it next: records live for ever. Called by the control plane, with a record whose class is known
 * there.
 */
export const renew = <R extends object>(record: R): void => restore(record as Fields, newLike(record) as Fields);

// What follows is for Node: on metal a call is a few stores.

type Fields = Record<string | number, unknown>;

const restore = (target: Fields, initial: Fields): void => {
  if (Array.isArray(initial)) restoreElements(target, initial);
  else for (const key of Object.keys(initial)) restoreOne(target, initial, key);
};

const restoreElements = (target: Fields, initial: readonly unknown[]): void => {
  if (typeof initial[0] === 'object') {
    for (let index = 0; index < initial.length; index++) restore(target[index] as Fields, initial[index] as Fields);
  } else for (let index = 0; index < initial.length; index++) target[index] = initial[index];
};

const restoreOne = (target: Fields, initial: Fields, key: string): void => {
  if (typeof initial[key] === 'object') restore(target[key] as Fields, initial[key] as Fields);
  else target[key] = initial[key];
};

/** One new record of each class. */
const news = new Map<unknown, object>();

const newLike = (record: object): object => {
  const known = news.get(record.constructor);
  if (known !== undefined) return known;
  const made = new (record.constructor as new () => object)();
  news.set(record.constructor, made);
  return made;
};
