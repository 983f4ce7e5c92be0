// Lowered modules, kept for the next program of this process.
//
// What a module becomes depends on its version, and on answers from the program that it is lowered for: the names of what it speaks of, the helpers that it calls, the statements
// that are needed of it. They are kept with the text, and where a program would give the same ones, the text is what lowering would give.

import type ts from 'typescript';
import type { NameOf } from './join.ts';
import type { Glue, GlueUse } from './machine/glue.ts';
import type { Version } from './program.ts';

/** What a program answers while a module of it is lowered. */
export interface Answers {
  readonly nameOf: NameOf;
  /** Links a helper. Returns its name in the program. */
  readonly link: (helper: string) => string;
  /** Tells whether the module is the first one with a function that a variable of that name holds. */
  readonly isFirst: (name: string, module: ts.SourceFile) => boolean;
  /** Tells whether the program has a getter of that name. */
  readonly hasGetter: (name: string) => boolean;
}

/** What is fixed before a module is lowered: `key` tells everything that is not a node. */
export interface Terms {
  readonly file: ts.SourceFile;
  readonly version: Version | undefined;
  readonly key: string;
  /** The statements that are needed of a helper's module; undefined for all. */
  readonly statements: ReadonlySet<ts.Statement> | undefined;
}

interface Kept {
  readonly text: string;
  readonly key: string;
  readonly statements: readonly ts.Statement[] | undefined;
  readonly names: ReadonlyMap<ts.Node, string | undefined>;
  readonly helpers: ReadonlyMap<string, string>;
  readonly firsts: ReadonlyMap<string, boolean>;
  readonly getters: ReadonlyMap<string, boolean>;
  readonly uses: readonly GlueUse[];
}

/** The last outcomes of each version, the newest first: programs take turns. */
const keptTexts = new WeakMap<Version, readonly Kept[]>();
const KEPT_MAX = 8;

/** Lowers modules, or finds them lowered. */
export interface Keeper {
  /** The answers, as lowering has to ask for them: each is noted. */
  readonly answers: Answers;
  /** Returns the kept text, or what `lower` makes. `isClean` tells afterwards whether nothing was refused. */
  textOf(terms: Terms, lower: () => string, isClean: () => boolean): string;
}

/** Returns a keeper for one program. */
export const createKeeper = (given: Answers, glue: Glue): Keeper => {
  let names = new Map<ts.Node, string | undefined>();
  let helpers = new Map<string, string>();
  let firsts = new Map<string, boolean>();
  let getters = new Map<string, boolean>();
  const answers: Answers = {
    nameOf: (declaration) => {
      const name = given.nameOf(declaration);
      names.set(declaration, name);
      return name;
    },
    link: (helper) => {
      const name = given.link(helper);
      helpers.set(helper, name);
      return name;
    },
    isFirst: (name, module) => {
      const isFirst = given.isFirst(name, module);
      firsts.set(name, isFirst);
      return isFirst;
    },
    hasGetter: (name) => {
      const hasGetter = given.hasGetter(name);
      getters.set(name, hasGetter);
      return hasGetter;
    },
  };
  const stillHolds = (kept: Kept, { file, key, statements }: Terms): boolean =>
    kept.key === key &&
    kept.statements?.length === statements?.size &&
    (kept.statements ?? []).every((statement) => statements?.has(statement)) &&
    [...kept.firsts].every(([name, isFirst]) => given.isFirst(name, file) === isFirst) &&
    [...kept.getters].every(([name, hasGetter]) => given.hasGetter(name) === hasGetter) &&
    [...kept.names].every(([declaration, name]) => given.nameOf(declaration) === name) &&
    [...kept.helpers].every(([helper, name]) => given.link(helper) === name);

  return {
    answers,
    textOf(terms, lower, isClean) {
      const { version, key } = terms;
      const known = (version && keptTexts.get(version)) ?? [];
      const kept = known.find((each) => stillHolds(each, terms));
      if (kept !== undefined) {
        for (const use of kept.uses) use(glue);
        return kept.text;
      }
      const statements = terms.statements && [...terms.statements]; // Lowering may need more of the module itself.
      [names, helpers, firsts, getters] = [new Map(), new Map(), new Map(), new Map()];
      glue.takeUses();
      const text = lower();
      const made = { text, key, statements, names, helpers, firsts, getters, uses: glue.takeUses() };
      if (version !== undefined && isClean()) keptTexts.set(version, [made, ...known].slice(0, KEPT_MAX));
      return text;
    },
  };
};
