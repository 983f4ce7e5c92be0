// Functions of kernel/hal that are compiled in place, because a call would cost more than the access: the two windows and the fence.

/** The C function that stands for a declared one. `needsPlace` adds the caller's file and line as the last argument. */
export interface InlineFunction {
  readonly cName: string;
  readonly needsPlace: boolean;
  /** The same as a function with an address, for calls from the control plane. */
  readonly outOfLine: string;
}

const plain = (name: string): [string, InlineFunction] => [
  name,
  { cName: `hed_${name}`, needsPlace: false, outOfLine: `hal_${name}` },
];

/** By the name that kernel/hal/dma.ts and kernel/hal/mmio.ts declare. */
export const INLINE_FUNCTIONS: ReadonlyMap<string, InlineFunction> = new Map([
  ...['dmaRead8', 'dmaRead16', 'dmaRead32', 'dmaWrite8', 'dmaWrite16', 'dmaWrite32', 'dmaWrite64'].map(plain),
  ['dmaReadU53', { cName: 'hed_dmaReadU53', needsPlace: true, outOfLine: 'hal_dmaReadU53' }],
  ...['mmioRead8', 'mmioRead16', 'mmioRead32', 'mmioWrite8', 'mmioWrite16', 'mmioWrite32', 'fence'].map(plain),
  plain('dmaBusAddress'),
  // The symbol hal_dmaLength is the variable itself, which every inlined access compares with.
  ['dmaLength', { cName: 'hed_dmaLength', needsPlace: false, outOfLine: 'hed_dmaLengthNow' }],
]);
