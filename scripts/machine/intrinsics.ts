// Functions of kernel/hal that are compiled in place, because a call would cost more than the access: the two windows, the fence and the events of a trace.

/** The C function that stands for a declared one. */
export interface InlineFunction {
  readonly cName: string;
  /** The same as a function with an address, for calls from the control plane. */
  readonly outOfLine: string;
}

const plain = (name: string): [string, InlineFunction] => [name, { cName: `hed_${name}`, outOfLine: `hal_${name}` }];

/** By the name that kernel/hal/dma.ts, mmio.ts and trace.ts declare. */
export const INLINE_FUNCTIONS: ReadonlyMap<string, InlineFunction> = new Map([
  ...['dmaRead8', 'dmaRead16', 'dmaRead32', 'dmaWrite8', 'dmaWrite16', 'dmaWrite32', 'dmaWrite64'].map(plain),
  ...['mmioRead8', 'mmioRead16', 'mmioRead32', 'mmioWrite8', 'mmioWrite16', 'mmioWrite32', 'fence'].map(plain),
  plain('dmaBusAddress'),
  plain('trace'),
  // The symbol hal_dmaLength is the variable itself, which every inlined access compares with.
  ['dmaLength', { cName: 'hed_dmaLength', outOfLine: 'hed_dmaLengthNow' }],
]);
