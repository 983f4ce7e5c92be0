// One generated program: classes, functions, generators and async functions, and `run`, which uses them.
//
// Names of classes end with _P, which stands for the program's number in the program that it is joined with: those are unique there.

import { Random } from '../native/random.ts';
import { OUTSIDE, type Surroundings } from './expressions.ts';
import { baseGrammar, HEAD, type Type } from './grammar.ts';
import { StatementWriter } from './statements.ts';

/** Returns the text of the program of a seed: a module that exports `run`. */
export const writeProgram = (seed: number): string => new ProgramWriter(new Random(seed)).write();

class ProgramWriter {
  private readonly random: Random;
  private readonly grammar = baseGrammar();
  private readonly writer: StatementWriter;

  constructor(random: Random) {
    this.random = random;
    this.writer = new StatementWriter(random, this.grammar);
  }

  write(): string {
    const { random, writer } = this;
    const parts: string[] = [HEAD, 'const show = (...values: unknown[]): void => { console.log(...values); };\n'];
    writer.declare('total', 'number', true);
    writer.declare('names', 'string[]', false);
    parts.push(`let total: number = ${writer.leaf('number')};\nconst names: string[] = ${writer.leaf('string[]')};\n`);
    if (random.chance(0.4)) parts.push(this.classes());
    for (let count = random.below(3); count > 0; count--) parts.push(this.plainFunction());
    if (random.chance(0.4)) parts.push(this.generator());
    if (random.chance(0.4)) parts.push(this.asyncFunction());
    if (random.chance(0.2)) parts.push(this.asyncGenerator());
    const isAsync = random.chance(0.6);
    const body = this.inside({ isAsync }, () => `${writer.open(2, 4 + random.below(6))}\n${this.showAll()}`);
    parts.push(`export const run = ${isAsync ? 'async (): Promise<void>' : '(): void'} => {\n${body}\n};\n`);
    return parts.join('');
  }

  /** Shows every variable of the program at its end. */
  private showAll(): string {
    const names = this.writer.surroundings.variables
      .filter(({ type }) => !type.startsWith('Unary'))
      .map(({ name }) => name);
    return `show(${names.join(', ')});`;
  }

  private inside(change: Partial<Surroundings>, write: () => string): string {
    return this.writer.inside({ ...OUTSIDE, variables: this.writer.surroundings.variables, ...change }, write);
  }

  /** Makes texts known that give a value of the type, as often as `weight` says. */
  private learn(type: Type, text: string, weight = 3): void {
    const texts = this.grammar.get(type) ?? [];
    texts.push(...Array<string>(weight).fill(text));
    this.grammar.set(type, texts);
  }

  private plainFunction(): string {
    const { random, writer } = this;
    const name = writer.freshName('f');
    const result = random.pick(['number', 'number', 'string', 'number[]', 'Item', 'boolean']);
    const body = this.inside({ result }, () => {
      writer.declare('a', 'number', true);
      writer.declare('b', 'string', true);
      writer.declare('rest', 'number[]', false);
      return `tick();\n${writer.open(1, 1 + random.below(4))}\nreturn ${writer.expression(result, 2)};`;
    });
    const text = `function ${name}(a: number, b: string = ${writer.leaf('string')}, ...rest: number[]): ${result} {\n${body}\n}\n`;
    this.learn(result, `${name}(«number»)`);
    this.learn(result, `${name}(«number», «string | undefined», ...«number[]»)`);
    return text;
  }

  private generator(): string {
    const { random, writer } = this;
    const name = writer.freshName('g');
    const body = this.inside({ isGenerator: true, result: 'number' }, () => {
      writer.declare('a', 'number', true);
      return `tick();\n${writer.open(1, 2 + random.below(3))}\nyield a;\nreturn ${writer.expression('number', 2)};`;
    });
    this.learn('number[]', `few([...${name}(«number»)])`);
    this.learn('number', `(${name}(«number»).next().value ?? 0)`);
    this.learn(
      'number',
      `((): number => { let sum = 0; for (const value of ${name}(«!number»)) { tick(); sum += value; if (sum > 50) break; } return sum; })()`,
    );
    this.learn(
      'number',
      `((): number => { const steps = ${name}(«!number»); const first = steps.next(); const second = steps.next(7); show(first, second, steps.return(2)); return first.value; })()`,
    );
    return `function* ${name}(a: number): Generator<number, number, number | undefined> {\n${body}\n}\n`;
  }

  private asyncFunction(): string {
    const { random, writer } = this;
    const name = writer.freshName('later');
    const body = this.inside({ isAsync: true, result: 'number' }, () => {
      writer.declare('a', 'number', true);
      return `tick();\n${writer.open(1, 2 + random.below(3))}\nreturn ${writer.expression('number', 2)};`;
    });
    writer.learnStatements(
      [
        `show(await ${name}(«number»));`,
        `show(await Promise.all([${name}(«number»), ${name}(«number»)]));`,
        `show(await Promise.allSettled([${name}(«number»), Promise.resolve(«string»), ${name}(«number»)]));`,
        `{ const one = watched(${name}(«number»)); const two = watched(${name}(«number»)); show('started'); show(await one, await two); }`,
        `await ${name}(«number»).then((n) => { show('then', n); }, (error) => { show('failed', reason(error)); });`,
        `try { show(await ${name}(«number»)); } catch (error) { show('caught', reason(error)); } finally { show('finally'); }`,
        `show(await Promise.any([${name}(«number»), ${name}(«number»)]).catch((error) => reason(error)));`,
      ],
      true,
    );
    return `async function ${name}(a: number): Promise<number> {\n${body}\n}\n`;
  }

  private asyncGenerator(): string {
    const { random, writer } = this;
    const name = writer.freshName('stream');
    const body = this.inside({ isAsync: true, isGenerator: true, result: 'number' }, () => {
      writer.declare('a', 'number', true);
      return `tick();\n${writer.open(1, 2 + random.below(2))}\nyield a;\nreturn ${writer.expression('number', 2)};`;
    });
    writer.learnStatements(
      [
        `for await (const value of ${name}(«number»)) { tick(); show(value); if (value > 20) break; }`,
        `{ const steps = ${name}(«number»); show(await steps.next(), await steps.next(«number»), await steps.return(«number»)); }`,
        `try { for await (const value of ${name}(«number»)) show('of', value); } catch (error) { show('caught', reason(error)); }`,
      ],
      true,
    );
    return `async function* ${name}(a: number): AsyncGenerator<number, number, number | undefined> {\n${body}\n}\n`;
  }

  /** A class and one that extends it. */
  private classes(): string {
    const { random, writer } = this;
    const [base, derived] = [`${writer.freshName('Base')}_P`, `${writer.freshName('Derived')}_P`];
    const method = (result: Type, last = ''): string =>
      this.inside({ result }, () => {
        writer.declare('a', 'number', true);
        writer.declare('this.size', 'number', true);
        writer.declare('this.label', 'string', true);
        writer.declare('this.parts', 'number[]', true);
        return `tick();\n${writer.open(1, random.below(3))}\nreturn ${last}${writer.expression(result, 2)};`;
      });
    const text = `class ${base} {
  static made = 0;
  size: number;
  label: string;
  parts: number[] = [${writer.leaf('number')}];
  constructor(size: number, label = 'none') { this.size = size; this.label = label; ${base}.made += 1; }
  get twice(): number { return this.size * 2; }
  set twice(value: number) { this.size = value / 2; }
  grow(a: number): number {\n${method('number')}\n}
  describe(a = 1): string {\n${method('string')}\n}
  toString(): string { return \`\${this.label}#\${this.size}\`; }
  static from(n: number): ${base} { return new ${base}(n, 'from'); }
}
class ${derived} extends ${base} {
  extra = this.size + ${random.below(9)};
  constructor(size: number, label?: string) { super(size + 1, label); ${random.chance(0.5) ? 'this.label += "+";' : ''} }
  override grow(a: number): number {\n${method('number', 'super.grow(a) + ')}\n}
  override get twice(): number { return super.twice + this.extra; }
  override set twice(value: number) { this.extra = value; }
}
`;
    this.learn(base, `new ${base}(«number», «string»)`);
    this.learn(base, `new ${derived}(«number»)`);
    this.learn(base, `${base}.from(«number»)`, 1);
    this.learn(derived, `new ${derived}(«number», «string»)`, 2);
    this.learn('number', `«${base}».grow(«number»)`);
    this.learn('number', `«${derived}».grow(«number»)`, 2);
    this.learn('number', `«${base}».twice`, 1);
    this.learn('number', `${base}.made`, 1);
    this.learn('number', `(«${base}».parts[«int»] ?? «number»)`, 1);
    this.learn('string', `«${base}».describe()`);
    this.learn('string', `String(«${base}»)`, 1);
    this.learn('string', `\`\${«${derived}»}\``, 1);
    this.learn('boolean', `(«${base}» instanceof ${derived})`, 1);
    writer.learnStatements([
      `«${base}».twice = «number»;`,
      `«${base}».size += «number»;`,
      `«${derived}».twice += «number»;`,
      `show(«${base}»);`,
    ]);
    writer.learnTypes([base, base, derived, derived]);
    return text;
  }
}
