// Expressions of the generated programs: holes of the grammar, filled in.

import type { Random } from '../native/random.ts';
import { ELEMENTS, type Grammar, TYPED_ARRAYS, type Type } from './grammar.ts';

/** A name that an expression can use. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** True where it can be assigned. */
  readonly isMutable: boolean;
}

/** What the text around an expression allows. */
export interface Surroundings {
  readonly variables: readonly Variable[];
  readonly isAsync: boolean;
  /** True inside a generator of numbers that is given numbers. */
  readonly isGenerator: boolean;
  /** The type that `return` takes; undefined where there is nothing to return from. */
  readonly result: Type | undefined;
  /** The labels of the loops around; '' is the innermost loop, whatever its label. */
  readonly loops: readonly string[];
}

/** What the module level of a program has before its code begins. */
export const OUTSIDE: Surroundings = {
  variables: [],
  isAsync: false,
  isGenerator: false,
  result: undefined,
  loops: [],
};

const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '7',
  '10',
  '31',
  '32',
  '255',
  '256',
  '1000',
  '65535',
  '-1',
  '-7',
  '0.5',
  '-2.5',
  '1.1',
  '1e21',
  '1e-7',
  '123456.789',
];
const EXTREMES = [
  '-0',
  'Number.NaN',
  'Infinity',
  '-Infinity',
  '2147483647',
  '-2147483648',
  '4294967295',
  '9007199254740991',
  '5e-324',
  '1.7976931348623157e308',
];
const STRINGS = [
  "''",
  "'a'",
  "'b'",
  "'abc'",
  "'Zed'",
  "'12'",
  "'3.5e1'",
  "' x '",
  "'a1b2'",
  "'né'",
  "'日本'",
  "'😀!'",
  "'k\\n'",
  "'-'",
];
const LITERALS = ["'a'", "'b'", "''", "'1'", "'-'", "' '", "'é'", "'xy'"];

/** Writes expressions. What `surroundings` says can be changed from outside between two of them. */
export class ExpressionWriter {
  surroundings: Surroundings = OUTSIDE;
  readonly grammar: Grammar;
  protected readonly random: Random;
  private names = 0;

  constructor(random: Random, grammar: Grammar) {
    this.random = random;
    this.grammar = grammar;
  }

  /** Returns a name that nothing has yet. */
  freshName(stem: string): string {
    this.names += 1;
    return `${stem}${this.names}`;
  }

  /** Returns what `write` returns, inside other surroundings. */
  inside<T>(change: Partial<Surroundings>, write: () => T): T {
    const outer = this.surroundings;
    this.surroundings = { ...outer, ...change };
    const written = write();
    this.surroundings = outer;
    return written;
  }

  /** Makes a variable known for the rest of its block. */
  declare(name: string, type: Type, isMutable: boolean): void {
    this.surroundings = {
      ...this.surroundings,
      variables: [...this.surroundings.variables, { name, type, isMutable }],
    };
  }

  /** Returns the text with its holes filled. */
  fill(text: string, depth: number): string {
    return text.replace(/«([^»]*)»/g, (_, hole: string) => this.hole(hole, depth));
  }

  private hole(hole: string, depth: number): string {
    const { random } = this;
    if (hole.startsWith('!')) return this.plain(() => this.hole(hole.slice(1), depth));
    if (hole.startsWith('body ')) return this.body(hole.slice('body '.length), depth);
    if (hole.includes('=>')) return this.arrow(hole, depth);
    if (hole === 'any') return this.expression(this.anyType(), depth);
    if (hole === 'digits') return String(random.below(6));
    if (hole === 'literal') return random.pick(LITERALS);
    if (hole === 'ignored') return this.freshName('_');
    if (hole === 'int') return this.small(depth);
    if (hole === 'statements') return this.statements(depth, 1 + random.below(2));
    return this.expression(hole, depth);
  }

  /** Returns the statements of a function's body that returns the type. */
  private body(result: Type, depth: number): string {
    const surroundings = { isAsync: false, isGenerator: false, loops: [], result };
    return this.inside(
      surroundings,
      () => `tick(); ${this.statements(depth, 1 + this.random.below(2))} return ${this.expression(result, depth)};`,
    );
  }

  /** Returns a type that a variable can have. */
  anyType(): Type {
    const { random } = this;
    if (random.chance(0.6)) return random.pick(['number', 'number', 'string', 'boolean']);
    if (random.chance(0.3)) return random.pick(TYPED_ARRAYS);
    return random.pick([...this.grammar.keys()]);
  }

  private small(depth: number): string {
    const { random } = this;
    if (random.chance(0.7) || depth <= 0) return String(random.below(9) - 2);
    return `(${this.expression('number', depth - 1)} & 7)`;
  }

  /** Returns an expression of the type; at depth 0 it is as short as can be. */
  expression(type: Type, depth: number): string {
    const { random } = this;
    const known = this.surroundings.variables.filter((variable) => variable.type === type);
    if (known.length > 0 && random.chance(depth <= 0 ? 0.8 : 0.25)) return random.pick(known).name;
    if (depth <= 0) return this.leaf(type);
    if (random.chance(0.12)) return this.special(type, depth);
    const texts = this.grammar.get(type);
    if (texts === undefined) throw new Error(`the grammar has nothing of type ${type}`);
    return this.fill(random.pick(texts), depth - 1);
  }

  /** Returns what every type has: a choice, an assignment, something awaited or received. */
  private special(type: Type, depth: number): string {
    const { random, surroundings } = this;
    const targets = surroundings.variables.filter((variable) => variable.type === type && variable.isMutable);
    const kind = random.below(6);
    if (kind === 0 && surroundings.isGenerator && type === 'number')
      return `((yield ${this.expression('number', depth - 1)}) ?? ${this.leaf('number')})`;
    if (kind <= 1 && surroundings.isAsync) return `(await ${this.promise(type, depth - 1)})`;
    if (kind <= 3 && targets.length > 0) return this.assignment(random.pick(targets), depth);
    if (kind === 4)
      return `(${this.expression('boolean', depth - 1)} ? ${this.expression(type, depth - 1)} : ${this.expression(type, depth - 1)})`;
    return this.leaf(type);
  }

  /** Returns something to await: a promise, or a value that is none. */
  promise(type: Type, depth: number): string {
    const { random } = this;
    const value = (): string => this.expression(type, depth - 1);
    const kind = random.below(7);
    if (kind === 0) return value();
    if (kind === 1)
      return `(async (): Promise<${type}> => { tick(); ${this.inside({ isAsync: true, isGenerator: false, loops: [], result: type }, () => `${this.statements(depth - 1, 1)} return ${value()};`)} })()`;
    if (kind === 2)
      return `Promise.resolve(${this.expression('number', depth - 1)}).then((n): ${type} => { show(n); return ${this.plain(value)}; })`;
    if (kind === 3)
      return `Promise.all<${type}>([${value()}, Promise.resolve<${type}>(${value()})]).then((both) => both[${random.below(2)}]!)`;
    if (kind === 4)
      return `Promise.reject(new Fault_P(${this.expression('string', depth - 1)}, 1)).catch((): ${type} => ${this.plain(value)})`;
    if (kind === 5)
      return `Promise.race([Promise.resolve<${type}>(${value()}), Promise.resolve<${type}>(${value()})]).finally(() => { show('settled'); })`;
    return `new Promise<${type}>((resolve) => { show('made'); resolve(${this.plain(value)}); })`;
  }

  /** Returns what `write` writes, where neither await nor yield can stand. */
  plain(write: () => string): string {
    return this.inside({ isAsync: false, isGenerator: false, loops: [], result: undefined }, write);
  }

  private assignment({ name, type }: Variable, depth: number): string {
    const { random } = this;
    const value = this.expression(type, depth - 1);
    if (type === 'number' && random.chance(0.6)) {
      const kind = random.below(3);
      if (kind === 0) return `(${name}${random.pick(['++', '--'])})`;
      if (kind === 1) return `(${random.pick(['++', '--'])}${name})`;
      return `(${name} ${random.pick(['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=', '>>>='])} ${value})`;
    }
    if (type.includes('|')) return `(${name} = (${value} as ${type}))`;
    if (type === 'string') return `(${name} = clip(${name} + ${value}))`;
    if (type === 'boolean' && random.chance(0.5)) return `(${name} ${random.pick(['&&=', '||='])} ${value})`;
    return `(${name} = ${value})`;
  }

  /** Returns an arrow function for a hole such as `(number, string) => boolean`. */
  private arrow(hole: string, depth: number): string {
    const [, parameters = '', result = ''] = /^\((.*)\) => (.*)$/.exec(hole) ?? [];
    const types = parameters.split(', ').filter((type) => type !== '');
    const names = types.map(() => this.freshName('x'));
    const head = `(${names.map((name, index) => `${name}: ${types[index]}`).join(', ')}): ${result} =>`;
    const own = names.map((name, index) => ({ name, type: types[index]!, isMutable: true }));
    const variables = [...this.surroundings.variables, ...own];
    return this.inside({ variables, isAsync: false, isGenerator: false, loops: [], result }, () => {
      if (this.random.chance(0.75)) return `(${head} (${this.expression(result, depth - 1)}))`;
      return `(${head} { tick(); ${this.statements(depth - 1, 1)} return ${this.expression(result, depth - 1)}; })`;
    });
  }

  /** Returns the shortest value of a type. */
  leaf(type: Type): string {
    const { random } = this;
    if (type === 'number') return this.parenthesised(random.pick(random.chance(0.75) ? NUMBERS : EXTREMES));
    if (type === 'string') return random.pick(STRINGS);
    if (type === 'boolean') return random.pick(['(true as boolean)', '(false as boolean)']);
    if (type.endsWith('[]'))
      return random.chance(0.3)
        ? `([] as ${type === 'number[][]' ? type : `(${type.slice(0, -2)})[]`})`
        : `[${this.leaf(type.slice(0, -2))}, ${this.leaf(type.slice(0, -2))}]`;
    if (type.endsWith(' | undefined')) {
      const present = type.slice(0, -' | undefined'.length);
      return `maybe<${present}>(${random.chance(0.5) ? 'undefined' : this.leaf(present)})`;
    }
    if (type === 'number | string') return `(${this.leaf(random.pick(['number', 'string']))} as ${type})`;
    if (type === 'Pair') return `([${this.leaf('number')}, ${this.leaf('string')}] as Pair)`;
    if (type === 'Item')
      return `({ id: ${this.leaf('number')}, name: ${this.leaf('string')}, list: [${this.leaf('number')}] } as Item)`;
    if (type === 'Shape') return `({ kind: 'dot', at: ${this.leaf('number')} } as Shape)`;
    if (type === 'Unary') return `((n: number): number => n + ${this.leaf('number')})`;
    if (type.startsWith('Set<')) return `new ${type}([${this.leaf(type.slice(4, -1))}])`;
    if (type === 'Map<string, number>') return `new ${type}([[${this.leaf('string')}, ${this.leaf('number')}]])`;
    if (type === 'Map<number, string>') return `new ${type}([[${this.leaf('number')}, ${this.leaf('string')}]])`;
    if (type.endsWith('Array')) return `${type}.of(${this.leaf('number')}, ${this.leaf('number')})`;
    return `new ${type}(${this.leaf('number')}, ${this.leaf('string')})`; // A class of the program.
  }

  private parenthesised(number: string): string {
    return number.startsWith('-') ? `(${number})` : /^\d+$/.test(number) ? `(${number})` : number;
  }

  /** Returns statements; a writer of statements says which. */
  statements(_depth: number, _count: number): string {
    return '';
  }
}

/** Types that a variable of a program is given. */
export const VARIABLE_TYPES: readonly Type[] = [
  ...Array<Type>(8).fill('number'),
  ...Array<Type>(4).fill('string'),
  ...Array<Type>(2).fill('boolean'),
  ...ELEMENTS.map((type) => `${type}[]`),
  ...ELEMENTS,
  'Map<string, number>',
  'Map<number, string>',
  'Set<number>',
  'Set<string>',
  'number | undefined',
  'Item | undefined',
  'number | string',
  'Shape',
  'Unary',
  ...TYPED_ARRAYS,
];
