// Random expressions of the machine language, each in three texts that are written together.
//
//   source    the TypeScript
//   checked   JavaScript with the stops that a checked build must make, as the language documents them
//   double    the same inside double arithmetic, where an f64 takes part and nothing stops

import type { ScalarName } from './calls.ts';
import type { Random } from './random.ts';

export interface Text {
  readonly source: string;
  readonly checked: string;
  readonly double: string;
}

export interface Variable {
  readonly name: string;
  readonly type: ScalarName;
  /** True for a const and for a loop's counter. */
  readonly fixed: boolean;
}

/** A function that an expression may call. */
export interface Callable {
  readonly name: string;
  readonly parameters: readonly ScalarName[];
  readonly result: ScalarName;
}

const same = (text: string): Text => ({ source: text, checked: text, double: text });

/** Returns a text that is no arithmetic: inside double arithmetic it is computed as an integer all the same. */
const opaque = (source: string, checked: string): Text => ({ source, checked, double: checked });

const LITERALS = [
  0,
  1,
  2,
  3,
  5,
  7,
  8,
  31,
  32,
  255,
  256,
  4095,
  65535,
  65536,
  2147483647,
  2147483648,
  4294967295,
  4294967296,
  Number.MAX_SAFE_INTEGER,
];

/** What makes a value of any size fit a type. */
const MASKS: Readonly<Record<string, string>> = {
  i8: '& 127',
  u8: '& 255',
  i16: '& 32767',
  u16: '& 65535',
  i32: '| 0',
  u32: '>>> 0',
  u53: '>>> 0',
};

/** Writes expressions over the variables and functions that are known at the time. */
export class ExpressionWriter {
  variables: readonly Variable[] = [];
  readonly functions: Callable[] = [];
  private readonly random: Random;
  private kept = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Returns the reference's name for a value that must be kept while something else is computed. */
  keep(): string {
    this.kept += 1;
    return `$kept[${this.kept}]`;
  }

  /** Returns a value that is stored with `type`. `+ 0` makes 0 of −0 on Node, too: an integer on metal has no −0. */
  stored(type: ScalarName, depth: number): Text {
    const { random } = this;
    if (type === 'bool') return this.boolean(depth);
    if (type === 'f64') {
      const value = random.chance(0.5) ? this.real(depth) : this.integer(depth);
      return { ...value, checked: value.double };
    }
    if (random.chance(0.15)) {
      const value = this.real(depth);
      return opaque(`${value.source} + 0`, `$fit('${type}', ${value.double})`);
    }
    if (random.chance(0.15)) {
      const [a, b] = [this.integer(depth - 1), this.integer(depth - 1)];
      return opaque(
        `(${a.source} | 0) / (${b.source} & 15)`,
        `$fit('${type}', $exact(${a.checked} | 0, ${b.checked} & 15))`,
      );
    }
    const value = this.integer(depth);
    const mask = random.chance(0.6) ? ` ${MASKS[type]}` : '';
    return opaque(`(${value.source}${mask}) + 0`, `$fit('${type}', $safe((${value.checked}${mask}) + 0))`);
  }

  integer(depth: number): Text {
    if (depth <= 0) return this.leaf();
    const kind = this.random.below(13);
    if (kind < 4)
      return this.arithmetic(this.random.pick(['+', '-', '*', '%']), this.integer(depth - 1), this.integer(depth - 1));
    if (kind < 7) return this.bitwise(depth);
    if (kind === 7) return this.rounded(depth);
    if (kind === 8) return this.choice(this.boolean(depth - 1), this.integer(depth - 1), this.integer(depth - 1));
    if (kind === 9) return this.math(depth);
    if (kind === 10) return this.effect(depth);
    if (kind === 11) return this.call(depth) ?? this.leaf();
    return this.random.chance(0.4) ? this.negation(this.integer(depth - 1)) : this.element(depth);
  }

  /** Returns `a operator b` of two integers; operator is one of + - * %. */
  arithmetic(operator: string, a: Text, b: Text): Text {
    const isRemainder = operator === '%';
    return {
      source: `(${a.source} ${operator} ${b.source})`,
      checked: isRemainder ? `$remainder(${a.checked}, ${b.checked})` : `$safe(${a.checked} ${operator} ${b.checked})`,
      double: `(${a.double} ${operator} ${b.double})`,
    };
  }

  /** Returns an expression that changes something: what it does must happen in the order of the text. */
  effect(depth: number): Text {
    const { random } = this;
    const targets = this.variables.filter(({ type, fixed }) => !fixed && type !== 'f64' && type !== 'bool');
    const { name, type } = random.pick(targets);
    if (random.chance(0.5)) {
      const value = this.stored(type, depth - 1);
      return opaque(`(${name} = ${value.source})`, `(${name} = ${value.checked})`);
    }
    const operator = random.pick(['++', '--']);
    const next = (current: string): string => `${name} = $fit('${type}', $safe(${current} ${operator[0]} 1))`;
    if (random.chance(0.5)) return opaque(`${operator}${name}`, `(${next(name)})`);
    const before = this.keep();
    return opaque(`${name}${operator}`, `(${before} = ${name}, ${next(before)}, ${before})`);
  }

  boolean(depth: number): Text {
    const { random } = this;
    const known = this.variables.filter(({ type }) => type === 'bool');
    if (depth <= 0)
      return same(known.length > 0 && random.chance(0.7) ? random.pick(known).name : random.pick(['true', 'false']));
    const kind = random.below(6);
    if (kind === 0) {
      const operand = this.boolean(depth - 1);
      return opaque(`!${operand.source}`, `!${operand.checked}`);
    }
    if (kind === 1) return this.joined(random.pick(['&&', '||']), this.boolean(depth - 1), this.boolean(depth - 1));
    const operator = random.pick(['===', '!==', '<', '<=', '>', '>=']);
    if (kind > 2) return this.joined(operator, this.integer(depth - 1), this.integer(depth - 1));
    const [a, b] = [this.real(depth - 1), random.chance(0.5) ? this.real(depth - 1) : this.integer(depth - 1)];
    return opaque(`(${a.source} ${operator} ${b.source})`, `(${a.double} ${operator} ${b.double})`);
  }

  /** Returns an f64 expression: both of its JavaScript texts are the same. */
  real(depth: number): Text {
    const { random } = this;
    if (depth <= 0) {
      const known = this.variables.filter(({ type }) => type === 'f64');
      return same(
        random.chance(0.7) ? random.pick(known).name : random.pick(['0.5', '1.5', '(-2.25)', '1e10', '3.75']),
      );
    }
    const kind = random.below(6);
    if (kind < 3) {
      const pair = [this.real(depth - 1), this.integer(depth - 1)] as const;
      const [a, b] = random.chance(0.5) ? pair : [pair[1], pair[0]];
      const operator = random.pick(['+', '-', '*', '/', '%']);
      return opaque(`(${a.source} ${operator} ${b.source})`, `(${a.double} ${operator} ${b.double})`);
    }
    const [a, b] = [this.real(depth - 1), this.real(depth - 1)];
    if (kind === 3) {
      const name = random.pick(['Math.floor', 'Math.ceil', 'Math.trunc', 'Math.abs', 'Math.sqrt', 'Math.round']);
      return opaque(`${name}(${a.source})`, `${name}(${a.double})`);
    }
    if (kind === 4) {
      const name = random.pick(['Math.min', 'Math.max']);
      return opaque(`${name}(${a.source}, ${b.source})`, `${name}(${a.double}, ${b.double})`);
    }
    const chosen = this.choice(this.boolean(depth - 1), a, b);
    return opaque(chosen.source, chosen.double);
  }

  private leaf(): Text {
    const known = this.variables.filter(({ type }) => type !== 'f64' && type !== 'bool');
    if (this.random.chance(0.7)) return same(this.random.pick(known).name);
    const value = this.random.pick(LITERALS);
    return same(value !== 0 && this.random.chance(0.2) ? `(-${value})` : `${value}`);
  }

  private negation(a: Text): Text {
    return { source: `(- ${a.source})`, checked: `(- ${a.checked})`, double: `(- ${a.double})` };
  }

  private bitwise(depth: number): Text {
    const a = this.random.chance(0.15) ? this.real(depth - 1) : this.integer(depth - 1);
    if (this.random.chance(0.15)) return opaque(`(~${a.source})`, `(~${a.checked})`);
    const b = this.integer(depth - 1);
    const operator = this.random.pick(['&', '|', '^', '<<', '>>', '>>>']);
    return opaque(`(${a.source} ${operator} ${b.source})`, `(${a.checked} ${operator} ${b.checked})`);
  }

  private rounded(depth: number): Text {
    const [a, b] = [this.integer(depth - 1), this.integer(depth - 1)];
    if (this.random.chance(0.3))
      return opaque(`((${a.source} / ${b.source}) | 0)`, `((${a.checked} / ${b.checked}) | 0)`);
    const name = this.random.pick(['Math.floor', 'Math.trunc', 'Math.ceil']);
    return {
      source: `${name}(${a.source} / ${b.source})`,
      checked: `${name}($divided(${a.checked}, ${b.checked}))`,
      double: `${name}(${a.double} / ${b.double})`,
    };
  }

  private choice(condition: Text, a: Text, b: Text): Text {
    return {
      source: `(${condition.source} ? ${a.source} : ${b.source})`,
      checked: `(${condition.checked} ? ${a.checked} : ${b.checked})`,
      double: `(${condition.checked} ? ${a.double} : ${b.double})`,
    };
  }

  private math(depth: number): Text {
    const [a, b] = [this.integer(depth - 1), this.integer(depth - 1)];
    const name = this.random.pick(['Math.abs', 'Math.floor', 'Math.clz32', 'Math.min', 'Math.max', 'Math.imul']);
    const isUnary = name === 'Math.abs' || name === 'Math.floor' || name === 'Math.clz32';
    const text = (key: 'source' | 'checked' | 'double'): string =>
      `${name}(${isUnary ? a[key] : `${a[key]}, ${b[key]}`})`;
    const isBitwise = name === 'Math.clz32' || name === 'Math.imul';
    return { source: text('source'), checked: text('checked'), double: text(isBitwise ? 'checked' : 'double') };
  }

  private call(depth: number): Text | undefined {
    const candidates = this.functions.filter(({ result }) => result !== 'f64' && result !== 'bool');
    if (candidates.length === 0) return undefined;
    const { name, parameters } = this.random.pick(candidates);
    const operands = parameters.map((type) => this.stored(type, depth - 2));
    const list = (key: 'source' | 'checked'): string => operands.map((operand) => operand[key]).join(', ');
    return opaque(`${name}(${list('source')})`, `${name}(${list('checked')})`);
  }

  private element(depth: number): Text {
    const index = this.integer(depth - 1);
    if (this.random.chance(0.6)) return opaque(`table[${index.source} & 7]`, `table[${index.checked} & 7]`);
    return opaque(`table[${index.source}]`, `table[$index(${index.checked}, 8)]`);
  }

  private joined(operator: string, a: Text, b: Text): Text {
    return opaque(`(${a.source} ${operator} ${b.source})`, `(${a.checked} ${operator} ${b.checked})`);
  }
}
