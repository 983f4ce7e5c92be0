// Statements of the generated programs.

import { ExpressionWriter, VARIABLE_TYPES } from './expressions.ts';
import { ELEMENTS, TYPED_ARRAYS, type Type } from './grammar.ts';

const DEPTH = 2;

/** What does something to a value of the type: a text with holes. */
const EFFECTS: readonly string[] = [
  '«number[]».push(«number»);',
  '«string[]».push(«string»);',
  '«number[]».length = «digits»;',
  '«number[]».sort();',
  '«Item».id = «number»;',
  '«Item».name += «literal»;',
  '«Item».list.push(«number»);',
  '«Map<string, number>».set(«string», «number»);',
  '«Map<number, string>».set(«number», «string»);',
  '«Set<number>».add(«number»);',
  '«Map<string, number>».clear();',
  '{ const set = «Set<number>»; for (const value of set) { tick(); show(value); if (value > 3) set.delete(value); else set.add(value + 1.5); } show(set); }',
  '{ const map = «Map<string, number>»; for (const [key, value] of map) { tick(); show(key, value); map.delete(key); if (key.length < 3) map.set(`${key}+`, value); } show(map); }',
  '{ const map = «Map<number, string>»; map.forEach((value, key) => { tick(); show(key, value); if (key > 2) map.clear(); map.set((key | 0) + 1, value); if (map.size > 4) map.delete(key); }); show(map.size); }',
  'queueMicrotask(() => { show(«!any»); });',
  '«Map<string, number>».forEach((value, key) => { show(key, value); });',
  '«Set<string>».forEach((value) => { show(value); });',
  '«number[]».forEach((value, index) => { tick(); «!statements» show(index, value); });',
  '{ const item = «Item»; delete item.tag; show(item); }',
  '{ const [first, second = «number», ...others] = «number[]»; show(first, second, others); }',
  '{ const { id, tag = «string», ...others } = «Item»; show(id, tag, others); }',
  '{ const { name: called, list: [head = «number»] } = «Item»; show(called, head); }',
  '{ let [left, right] = [«number», «number»]; [left, right] = [right, left]; show(left, right); }',
  '{ const list = «number[]»; list[«digits»] = «number»; few(list); show(list.length); }',
  '{ const made: (() => number)[] = []; for (let i = 0; i < 3; i++) { tick(); made.push(() => i * «!number»); } show(made.map((f) => f())); }',
];

/** Writes statements. What they declare is known to those behind them in the same block. */
export class StatementWriter extends ExpressionWriter {
  private readonly effects = [...EFFECTS];
  private readonly waits: string[] = [];
  private readonly types = [...VARIABLE_TYPES];

  /** Makes statements known; `waits` is true for those that await. */
  learnStatements(texts: readonly string[], waits = false): void {
    (waits ? this.waits : this.effects).push(...texts, ...texts);
  }

  /** Makes types known that variables can have. */
  learnTypes(types: readonly Type[]): void {
    this.types.push(...types);
  }

  /** Returns statements whose names end with them. */
  override statements(depth: number, count: number): string {
    return this.inside({}, () => Array.from({ length: count }, () => this.statement(depth)).join('\n'));
  }

  /** Returns statements whose names go on. */
  open(depth: number, count: number): string {
    return Array.from({ length: count }, () => this.statement(depth)).join('\n');
  }

  private statement(depth: number): string {
    const { random } = this;
    const kind = random.below(depth <= 0 ? 10 : 20);
    if (kind < 3) return this.declaration();
    if (kind < 6) return this.change();
    if (kind < 8) return this.show();
    if (kind === 8) return this.fill(random.pick(this.effects), DEPTH - 1);
    if (kind === 9 && this.waits.length > 0 && this.surroundings.isAsync)
      return this.fill(random.pick(this.waits), DEPTH - 1);
    if (kind === 9) return this.exit();
    if (kind < 12) return this.branch(depth);
    if (kind < 15) return this.loop(depth);
    if (kind === 15) return this.selection(depth);
    if (kind < 19) return this.attempt(depth);
    return this.localFunction(depth);
  }

  private declaration(): string {
    const { random } = this;
    const type = random.chance(0.9) ? random.pick(this.types) : this.anyType();
    const name = this.freshName('v');
    const isMutable = random.chance(0.6);
    const value = this.expression(type, DEPTH);
    this.declare(name, type, isMutable);
    const keyword = isMutable ? 'let' : 'const';
    return type.includes('|') || type === 'Shape' || type === 'boolean'
      ? `${keyword} ${name} = ${value} as ${type};`
      : `${keyword} ${name}: ${type} = ${value};`;
  }

  /** An assignment to a variable, an element or a member. */
  private change(): string {
    const { random } = this;
    const { variables } = this.surroundings;
    const { name, type, isMutable } =
      variables.length > 0 ? random.pick(variables) : { name: '', type: '', isMutable: false };
    if (TYPED_ARRAYS.includes(type))
      return `${name}[${random.below(4)}] ${random.pick(['=', '+=', '|=', '-='])} ${this.expression('number', DEPTH)};`;
    if (type.endsWith('[]') && random.chance(0.6))
      return `${name}[${random.below(3)}] = ${this.expression(type.slice(0, -2), DEPTH)};`;
    if (type === 'Item')
      return `${name}.${this.fill(random.pick(['id += «number»', 'tag = «string»', 'list = «number[]»', 'id = «number»', 'tag ??= «string»']), DEPTH)};`;
    if (!isMutable) return this.show();
    if (type === 'number')
      return `${name} ${random.pick(['=', '+=', '-=', '*=', '%=', '&=', '|=', '^=', '<<=', '>>=', '>>>='])} ${this.expression(type, DEPTH)};`;
    if (type === 'string') return `${name} = clip(${name} + ${this.expression(type, DEPTH)});`;
    if (type.endsWith(' | undefined') && random.chance(0.4)) return `${name} ??= ${this.expression(type, DEPTH)};`;
    return `${name} = ${this.expression(type, DEPTH)}${type.includes('|') || type === 'Shape' || type === 'boolean' ? ` as ${type}` : ''};`;
  }

  private show(): string {
    const { random } = this;
    const { variables } = this.surroundings;
    const printed = variables.filter(({ type }) => !type.startsWith('Unary'));
    if (printed.length > 0 && random.chance(0.4)) return `show(${random.pick(printed).name});`;
    return `show(${this.expression(random.pick(this.types), DEPTH)});`;
  }

  /** Leaves a loop, a function, or all that does not catch. */
  private exit(): string {
    const { random } = this;
    const { loops, result, isGenerator } = this.surroundings;
    const condition = this.expression('boolean', 2);
    const exits = [`throw new Fault_P(${this.expression('string', 1)}, ${this.expression('number', 1)})`];
    if (random.chance(0.3)) exits.push("throw new RangeError('far')", 'throw new TypeError(`odd ${1 + 1}`)');
    for (const label of loops)
      exits.push(`break${label === '' ? '' : ` ${label}`}`, `continue${label === '' ? '' : ` ${label}`}`);
    if (result !== undefined)
      exits.push(`return ${this.expression(result, 2)}`, `return ${this.expression(result, 2)}`);
    if (isGenerator) return `yield ${this.expression('number', 2)};`;
    return `if (${condition}) ${random.pick(exits)};`;
  }

  private branch(depth: number): string {
    const { random } = this;
    const other = random.chance(0.6) ? ` else {\n${this.statements(depth - 1, 1 + random.below(2))}\n}` : '';
    return `if (${this.expression('boolean', 2)}) {\n${this.statements(depth - 1, 1 + random.below(3))}\n}${other}`;
  }

  private loop(depth: number): string {
    const { random } = this;
    const label = random.chance(0.4) ? this.freshName('loop') : '';
    const prefix = label === '' ? '' : `${label}: `;
    const outer = this.surroundings.loops.filter((name) => name !== '');
    const loops = ['', ...outer, ...(label === '' ? [] : [label])];
    const body = (names: readonly (readonly [string, Type])[]): string =>
      this.inside({ loops }, () => {
        for (const [name, type] of names) this.declare(name, type, false);
        return `{\ntick();\n${this.open(depth - 1, 1 + random.below(3))}\n}`;
      });
    return this.loopOf(prefix, body);
  }

  private loopOf(label: string, body: (names: readonly (readonly [string, Type])[]) => string): string {
    const { random } = this;
    const name = this.freshName('i');
    const kind = random.below(9);
    if (kind < 2)
      return `${label}for (let ${name} = ${random.below(3)}; ${name} < ${2 + random.below(3)}; ${name}++) ${body([[name, 'number']])}`;
    if (kind === 2)
      return `${label}for (const [key${name}, ${name}] of ${this.expression('Map<string, number>', 2)}) ${body([
        [name, 'number'],
        [`key${name}`, 'string'],
      ])}`;
    if (kind === 3) return `${label}for (const ${name} of ${this.expression('string', 2)}) ${body([[name, 'string']])}`;
    if (kind === 4)
      return `${label}for (const ${name} in ${this.expression('Item', 2)} as Item) ${body([[name, 'string']])}`;
    if (kind === 5)
      return `{ let ${name} = ${1 + random.below(3)};\n${label}while (${name}-- > 0) ${body([[name, 'number']])} }`;
    if (kind === 6)
      return `{ let ${name} = 0;\n${label}do ${body([[name, 'number']])} while (++${name} < ${1 + random.below(3)}); }`;
    if (kind === 7 && this.surroundings.isAsync) {
      return `${label}for await (const ${name} of ${this.expression('Set<number>', 1)}) ${body([[name, 'number']])}`;
    }
    const type = random.pick(ELEMENTS);
    const source = this.expression(random.pick([`${type}[]`, `Set<${type}>`]), 2);
    return `${label}for (const ${name} of ${source}) ${body([[name, type]])}`;
  }

  /** A switch whose default stands anywhere. */
  private selection(depth: number): string {
    const { random } = this;
    const isText = random.chance(0.3);
    const labels = isText
      ? ["case 'a':", "case 'b':", "case 'abc':", 'default:']
      : ['case 0:', 'case 1:', 'case 2:', 'case -1:', 'default:', 'case 7:'];
    const loops = this.surroundings.loops.filter((label) => label !== '');
    const clauses = labels
      .map((label): [number, string] => [random.next(), label])
      .sort(([a], [b]) => a - b)
      .map(([, label]) =>
        random.chance(0.15)
          ? label
          : `${label} {\n${this.inside({ loops }, () => this.statements(depth - 1, 1))}\nbreak;\n}`,
      );
    return `switch (${isText ? `${this.expression('string', 2)} as string` : `(${this.expression('number', 2)} | 0) % 8`}) {\n${clauses.join('\n')}\n}`;
  }

  private attempt(depth: number): string {
    const { random } = this;
    const block = (): string => `{\n${this.statements(depth - 1, 1 + random.below(3))}\n}`;
    const handler = ` catch (error) {\nshow(reason(error));\n${this.statements(depth - 1, random.below(2))}\n}`;
    const kind = random.below(3);
    return `try ${block()}${kind === 0 ? '' : handler}${kind === 1 ? '' : ` finally ${block()}`}`;
  }

  private localFunction(depth: number): string {
    const { random } = this;
    const name = this.freshName('f');
    const parameter = this.freshName('n');
    const isExpression = random.chance(0.5);
    const variables = isExpression
      ? this.surroundings.variables
      : this.surroundings.variables.filter((variable) => !variable.name.startsWith('this.'));
    const body = this.inside({ variables, isAsync: false, isGenerator: false, loops: [], result: 'number' }, () => {
      this.declare(parameter, 'number', true);
      return `tick();\n${this.open(depth - 1, 1 + random.below(2))}\nreturn ${this.expression('number', 2)};`;
    });
    this.declare(name, 'Unary', false);
    if (isExpression) return `const ${name}: Unary = (${parameter} = ${this.leaf('number')}) => {\n${body}\n};`;
    return `function ${name}(${parameter}: number): number {\n${body}\n}`;
  }
}
