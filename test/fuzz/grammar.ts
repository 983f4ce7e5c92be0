// What the generated programs are made of: for each type the texts that give a value of it.
//
//   «number»                     an expression of that type
//   «(number, string) => T»      an arrow function, whose parameters its body may use
//   «int»                        a small integer, as for an index or a count
//   «any»                        an expression of any type
//   «literal»                    a short string literal
//
// What ECMA-262 leaves to the implementation is left out: what an engine's own errors say, a comparison function that contradicts itself, the digits
// of Math.pow, the current time.

/** A type, as TypeScript spells it. */
export type Type = string;

/** Texts with holes, by the type of the value. */
export type Grammar = ReadonlyMap<Type, readonly string[]>;

/** What an array, a set and the like can hold. */
export const ELEMENTS: readonly Type[] = ['number', 'string', 'boolean', 'Pair', 'Item', 'number[]'];

export const TYPED_ARRAYS: readonly Type[] = [
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Uint8ClampedArray',
  'Float32Array',
  'Float64Array',
];

/** What every program begins with: its types, and what keeps it short. `tick` ends a program that runs away. */
export const HEAD = `interface Item { id: number; name: string; tag?: string; list: number[] }
type Pair = [number, string];
type Shape = { kind: 'dot'; at: number } | { kind: 'line'; from: number; to: number } | { kind: 'text'; text: string };
type Unary = (n: number) => number;
enum Level_P { Low = 1, Mid, High = 1 << 4, Odd = -3 }
enum Word_P { Yes = 'yes', No = 'no' }
class Hidden_P { #inner: number; constructor(inner: number) { this.#inner = inner; } take(): number { return this.#inner++; } same(other: Hidden_P): boolean { return #inner in other && other.#inner === this.#inner; } }
class Fault_P extends Error { readonly code: number; constructor(message: string, code: number) { super(message); this.code = code; } }
let fuel = 300;
const tick = (): void => { fuel -= 1; if (fuel < 0) throw new RangeError('out of fuel'); };
const maybe = <T>(value: T | undefined): T | undefined => value;
const clip = (text: string): string => text.length > 60 ? text.slice(0, 60) : text;
const few = <T>(list: T[]): T[] => list.length > 12 ? list.slice(0, 12) : list;
const reason = (error: unknown): string => error instanceof Fault_P ? [error.message, error.code].join() : error instanceof Error ? error.name : typeof error;
const watched = <T>(promise: Promise<T>): Promise<T> => { promise.catch(() => undefined); return promise; };
`;

const NUMBERS = [
  '(«number» + «number»)',
  '(«number» - «number»)',
  '(«number» * «number»)',
  '(«number» / «number»)',
  '(«number» % «number»)',
  '(«number» & «number»)',
  '(«number» | «number»)',
  '(«number» ^ «number»)',
  '(«number» << «int»)',
  '(«number» >> «int»)',
  '(«number» >>> «number»)',
  '(«number» >>> «int» & 15)',
  '(-«number»)',
  '(+«number»)',
  '(~«number»)',
  '(«number» | 0)',
  '(«number» >>> 0)',
  '(«number» ** 2)',
  'Math.floor(«number»)',
  'Math.ceil(«number»)',
  'Math.trunc(«number»)',
  'Math.round(«number»)',
  'Math.abs(«number»)',
  'Math.sign(«number»)',
  'Math.sqrt(«number»)',
  'Math.fround(«number»)',
  'Math.min(«number», «number»)',
  'Math.max(«number», «number», «number»)',
  'Math.max(...«number[]»)',
  'Math.sin(«number»)',
  'Math.cos(«number»)',
  'Math.tan(«number»)',
  'Math.exp(«number»)',
  'Math.log(«number»)',
  'new Date(«number»).getTime()',
  'new Date(«number»).getFullYear()',
  'new Date(2000 + «int», «int», «int», «int»).getDay()',
  'new Date(«number»).setHours(«int», «number»)',
  'Date.UTC(«int», «number»)',
  'Date.parse(«string»)',
  '(Level_P.High as number)',
  '[Level_P.Low, Level_P.Mid, Level_P.Odd][«digits» % 3]!',
  'new Hidden_P(«number»).take()',
  'Math.imul(«number», «number»)',
  'Math.clz32(«number»)',
  'Number(«string»)',
  'Number(«boolean»)',
  'Number.parseFloat(«string»)',
  'Number.parseInt(«string», 10)',
  'parseInt(«string», 16)',
  'Number(«number».toFixed(2))',
  '«string».length',
  '«string».indexOf(«string»)',
  '«string».lastIndexOf(«literal»)',
  '«string».indexOf(«literal», «int»)',
  '«string».charCodeAt(«int»)',
  '(«string».codePointAt(«int») ?? «number»)',
  '«string».search(/[b-e]/)',
  '«number[]».reduce(«(number, number) => number», «number»)',
  '«number[]».reduceRight(«(number, number, number) => number», «number»)',
  '«string[]».reduce(«(number, string) => number», «number»)',
  '(«number[]».find(«(number) => boolean») ?? «number»)',
  '«number[]».findIndex(«(number) => boolean»)',
  '«number[]».findLastIndex(«(number) => boolean»)',
  '(«number[]».at(«int») ?? «number»)',
  '(«number[]».pop() ?? «number»)',
  '(«number[]».shift() ?? «number»)',
  '«number[]».indexOf(«number»)',
  '«number[]».push(«number»)',
  '«number[]».unshift(«number», «number»)',
  '«number[]»[«int»]',
  '(«number[]»[«number»] ?? «number»)',
  '«string[]».length',
  '(«Map<string, number>».get(«string») ?? «number»)',
  '«Map<string, number>».size',
  '«Map<number, string>».size',
  '«Set<number>».size',
  '«Item».id',
  '«Item».list.length',
  '(«Item».tag?.length ?? «number»)',
  '(«Item | undefined»?.id ?? «number»)',
  '(«Item | undefined»?.list[«int»] ?? «number»)',
  '(«Item | undefined»?.list.indexOf(«number») ?? «number»)',
  '«Pair»[0]',
  '(«number | undefined» ?? «number»)',
  '«Unary»(«number»)',
  '(«Unary | undefined»?.(«number») ?? «number»)',
  'Object.keys(«Item»).length',
  '(JSON.parse(JSON.stringify(«string[]»)) as string[]).length',
  '((): number => { «body number» })()',
  '((a: number, b = «!number», ...rest: number[]): number => a + b + rest.length)(«number», «number | undefined», ...«number[]»)',
  '(({ id, name = «!string», tag = «!string» }: Item): number => id + name.length - tag.length)(«Item»)',
  '(([first, second]: Pair): number => first * second.length)(«Pair»)',
];

const STRINGS = [
  '`${«number»}`',
  '`${«string»}:${«number»}`',
  '`<${«boolean»}|${«number[]»}>`',
  'clip(«string» + «string»)',
  'clip(«string» + «number»)',
  'clip(«number» + «string»)',
  'clip(«string» + «number» + «number»)',
  'clip(«string» + «boolean» + «string»)',
  'String(«number»)',
  'String(«boolean»)',
  'String(«number[]»)',
  '«number».toString()',
  '(«number» | 0).toString(16)',
  '«number».toString(2)',
  '«number».toFixed(«digits»)',
  '«number».toPrecision(3)',
  '«number».toExponential(2)',
  '«string».slice(«int», «int»)',
  '«string».slice(«int»)',
  '«string».substring(«int», «int»)',
  '«string».charAt(«int»)',
  '(«string».at(«int») ?? «string»)',
  '«string»[«int»]',
  '«string».toUpperCase()',
  '«string».toLowerCase()',
  '«string».trim()',
  '«string».padStart(«int», «literal»)',
  '«string».padEnd(«int»)',
  'clip(«string».repeat(«digits»))',
  'clip(«string».concat(«string», «string»))',
  '«string».replace(«literal», «literal»)',
  '«string».replace(«literal», «(string) => string»)',
  '«string».replaceAll(«literal», «literal»)',
  '«string».replace(/[aeiou]/g, «(string) => string»)',
  "«string».replace(/(\\w)(\\d)/, '$2-$1')",
  '«string».split(«literal»).join(«literal»)',
  "[...«string»].reverse().join('')",
  'clip(«string[]».join(«literal»))',
  'clip(«number[]».join())',
  'clip(«boolean[]».join(«string»))',
  'clip(«Uint8Array».join(«literal»))',
  'clip(JSON.stringify(«any»))',
  'clip(JSON.stringify({ a: «number», b: «string», c: [«number», «boolean»] }))',
  '(typeof «any»)',
  '«Item».name',
  '(«Item».tag ?? «string»)',
  '(«Item».tag?.toUpperCase() ?? «string»)',
  '«Pair»[1]',
  '(«string | undefined» ?? «string»)',
  '(«Map<number, string>».get(«number») ?? «string»)',
  '«string[]»[«int»]',
  "Object.keys(«Item»).join('/')",
  'String.fromCharCode(97 + («number» & 15), 65 + «int»)',
  'String.fromCodePoint(128512 + «digits»)',
  "(«string».match(/\\d+/)?.[0] ?? 'none')",
  "[...«string».matchAll(/[a-c]/g)].map((found) => `${found[0]}${found.index}`).join('')",
  'encodeURIComponent(«string»).slice(0, 20)',
  '(Level_P[«int»] as string | undefined ?? «string»)',
  '(Word_P.Yes as string)',
  'new Date(1000 * («number» | 0)).toISOString()',
  'String(JSON.stringify(new Date(«number»)))',
  'new Date(«number»).toUTCString()',
  '«string».substr(«int», «int»)',
  '((): string => { try { «body string» } catch (error) { return reason(error); } finally { «!statements» } })()',
];

const BOOLEANS = [
  '(«number» < «number»)',
  '(«number» <= «number»)',
  '(«number» > «number»)',
  '(«number» >= «number»)',
  '(«number» === «number»)',
  '(«number» !== «number»)',
  '(«string» === («string» as string))',
  '(«string» < «string»)',
  '(«string» >= «string»)',
  '(!«boolean»)',
  '(«boolean» && «boolean»)',
  '(«boolean» || «boolean»)',
  '(!(«number» & 1))',
  '(«string».length > 0)',
  '(«number» > 2 && «string».length > «int»)',
  '«string».includes(«literal»)',
  '«string».startsWith(«string»)',
  '«string».endsWith(«literal»)',
  '«string».endsWith(«string», «int»)',
  'new Hidden_P(«number»).same(new Hidden_P(«number»))',
  '«number[]».some(«(number) => boolean»)',
  '«string[]».every(«(string) => boolean»)',
  '«number[]».includes(«number»)',
  '«Map<string, number>».has(«string»)',
  '«Map<string, number>».delete(«string»)',
  '«Set<number>».has(«number»)',
  '«Set<string>».delete(«string»)',
  'Number.isNaN(«number»)',
  'Number.isInteger(«number»)',
  'Number.isSafeInteger(«number»)',
  'Number.isFinite(«number»)',
  'Object.is(«number», «number»)',
  'Array.isArray(«any»)',
  "('tag' in «Item»)",
  "Object.hasOwn(«Item», 'list')",
  '(«Item».tag === undefined)',
  '(«number | undefined» === undefined)',
  "(«Shape».kind === 'dot')",
  "(typeof «number | string» === 'number')",
  '/^[a-m]+\\d*$/.test(«string»)',
];

const ITEMS = [
  '({ id: «number», name: «string», list: «number[]» } as Item)',
  '({ id: «number», name: «string», tag: «string», list: [] } as Item)',
  '({ ...«Item», id: «number» } as Item)',
  '({ ...«Item», ...(«boolean» ? { tag: «string» } : {}), list: [...«number[]»] } as Item)',
  'Object.assign(«Item», { name: «string» })',
  "(({ name, ...others }: Item): Item => ({ ...others, name: `${name}'` }))(«Item»)",
];

const OTHERS: readonly (readonly [Type, readonly string[]])[] = [
  ['number', NUMBERS],
  ['string', STRINGS],
  ['boolean', BOOLEANS],
  ['Item', ITEMS],
  ['Pair', ['([«number», «string»] as Pair)', '(«Pair[]»[0] ?? ([«number», «string»] as Pair))']],
  [
    'Shape',
    [
      "({ kind: 'dot', at: «number» } as Shape)",
      "({ kind: 'line', from: «number», to: «number» } as Shape)",
      "({ kind: 'text', text: «string» } as Shape)",
    ],
  ],
  ['Unary', ['«(number) => number»', '((by: number): Unary => (n) => n * by + «!number»)(«number»)', 'Math.floor']],
  ['number | string', ['(«number» as number | string)', '(«string» as number | string)']],
  [
    'Map<string, number>',
    [
      'new Map<string, number>()',
      'new Map([[«string», «number»], [«string», «number»]])',
      'new Map(«Map<string, number>»)',
      '«Map<string, number>».set(«string», «number»)',
      'new Map(«string[]».map((key, index): [string, number] => [key, index]))',
    ],
  ],
  [
    'Map<number, string>',
    ['new Map<number, string>([«Pair», «Pair»])', 'new Map(«Pair[]»)', '«Map<number, string>».set(«number», «string»)'],
  ],
  [
    'number[]',
    [
      '«number[][]».flat()',
      '«number[]».flatMap(«(number) => number[]»)',
      'few([...«Map<string, number>».values()])',
      'few([...«Map<number, string>».keys()])',
      'few(Array.from(«Uint8Array»))',
      'few([...«Int32Array»])',
      '«Item».list',
      'few([...«number[]».keys()])',
      '«number[]».sort((a, b) => (a | 0) - (b | 0))',
      '«number[]».toSorted((a, b) => (b | 0) - (a | 0))',
      '[...«string»].map((letter) => letter.charCodeAt(0))',
      'few(Array.from({ length: «digits» }, («ignored», index) => index * «!number»))',
    ],
  ],
  [
    'string[]',
    [
      '«string».split(«literal»)',
      "«string».split('')",
      '[...«string»]',
      'Object.keys(«Item»)',
      'few([...«Map<string, number>».keys()])',
      '«string[]».sort()',
      '«string[]».toSorted()',
      'Object.entries({ b: «number», a: «string» }).map(([key, value]) => `${key}=${value}`)',
    ],
  ],
];

/** Returns the texts for arrays, sets and what may be missing, of one type of elements. */
const textsOfElement = (T: Type): readonly (readonly [Type, readonly string[]])[] => [
  [
    `${T}[]`,
    [
      `([«${T}»] as ${T}[])`,
      `([«${T}», «${T}»] as ${T}[])`,
      `([«${T}», «${T}», «${T}»] as ${T}[])`,
      `few([...«${T}[]», «${T}»])`,
      `few([«${T}», ...«${T}[]», ...«${T}[]»])`,
      `few(«${T}[]».concat(«${T}[]»))`,
      `«number[]».map(«(number) => ${T}»)`,
      `«string[]».map(«(string, number) => ${T}»)`,
      `«${T}[]».filter(«(${T}) => boolean»)`,
      `«${T}[]».slice(«int»)`,
      `«${T}[]».slice(«int», «int»)`,
      `«${T}[]».splice(«int», «int»)`,
      `few(«${T}[]».toSpliced(«int», «int», «${T}»))`,
      `«${T}[]».reverse()`,
      `«${T}[]».toReversed()`,
      `«${T}[]».fill(«${T}», «int»)`,
      `«${T}[]».copyWithin(«int», «int»)`,
      `few([...«Set<${T}>»])`,
      `Array.from(«Set<${T}>»)`,
      `few(Array.from({ length: «digits» }, (): ${T} => «!${T}»))`,
      `few([...«${T}[]».entries()].map(([index, value]): ${T} => index % 2 === 0 ? value : «!${T}»))`,
    ],
  ],
  [`Set<${T}>`, [`new Set<${T}>()`, `new Set<${T}>(«${T}[]»)`, `«Set<${T}>».add(«${T}»)`, `new Set(«Set<${T}>»)`]],
  [
    `${T} | undefined`,
    [
      `maybe<${T}>(«${T}»)`,
      `maybe<${T}>(undefined)`,
      `maybe<${T}>(«${T}[]»[«int»])`,
      `«${T}[]».at(«int»)`,
      `«${T}[]».pop()`,
      `«${T}[]».find(«(${T}) => boolean»)`,
    ],
  ],
];

const textsOfTypedArray = (T: Type): readonly (readonly [Type, readonly string[]])[] => [
  [
    T,
    [
      `new ${T}(«digits»)`,
      `new ${T}(«number[]»)`,
      `${T}.from(«number[]»)`,
      `${T}.of(«number», «number»)`,
      `«${T}».map(«(number) => number»)`,
      `«${T}».slice(«int», «int»)`,
      `«${T}».subarray(«int»)`,
      `«${T}».fill(«number», «int»)`,
      `«${T}».reverse()`,
    ],
  ],
  [
    'number',
    [
      `(«${T}»[«int»] ?? «number»)`,
      ...(T.startsWith('Uint8') ? [`«${T}».reduce(«(number, number) => number», 0)`, `«${T}».indexOf(«number»)`] : []),
    ],
  ],
];

/** Returns the grammar that all programs share. */
export const baseGrammar = (): Map<Type, string[]> => {
  const grammar = new Map<Type, string[]>();
  const parts = [...OTHERS, ...ELEMENTS.flatMap(textsOfElement), ...TYPED_ARRAYS.flatMap(textsOfTypedArray)];
  for (const [type, texts] of parts) grammar.set(type, [...(grammar.get(type) ?? []), ...texts]);
  grammar.set('Unary | undefined', ['maybe<Unary>(«Unary»)', 'maybe<Unary>(undefined)']);
  return grammar;
};
