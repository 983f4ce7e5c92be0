// The ways control leaves a region of statements: return, and break or continue to a place outside it.
//
//   region ── rewriteExits ──► the same region, where each exit has become `exit = N; break region;`
//          └─ ExitPlan      ──► `if (exit === N) <the exit>` for each, to stand after the region
//
// Used where an exit may not happen in place: Porffor keeps the handler of a `try` that is left by break or continue, and
// skips `finally` on every exit.

import ts from 'typescript';
import { assign, equals, isFunctionBoundary, isLoop, standFor } from './nodes.ts';

const { factory } = ts;

/** The exit number of a normal end. */
export const EXIT_NONE = 0;
/** The exit number of an exception in flight. */
export const EXIT_THROW = 1;
const EXIT_FIRST_FREE = 2;

/** The exits found in one region, and the variables that carry them past its end. */
export interface ExitPlan {
  /** Holds the number of the exit taken. */
  readonly exit: ts.Identifier;
  /** Holds the value returned or thrown. */
  readonly value: ts.Identifier;
  /** The label of the block that an exit breaks out of. */
  readonly label: ts.Identifier;
  /** What each exit does once it is outside, by its number. */
  readonly outcomes: Map<number, ts.Statement>;
}

/**
 * What becomes of an exit. `jumps`: break and continue leave the region by its label, return stays. `all`: return too. `return`: the region
 * is the body of a function of its own, which returns the number of the exit.
 */
export type ExitRule = 'jumps' | 'all' | 'return';

/** Returns an empty plan with fresh names. */
export const createExitPlan = (): ExitPlan => ({
  exit: factory.createUniqueName('exit'),
  value: factory.createUniqueName('value'),
  label: factory.createUniqueName('region'),
  outcomes: new Map(),
});

/** Where a walk through a region stands: which jumps stay inside it. */
interface Scope {
  readonly labels: ReadonlySet<string>;
  readonly breakStays: boolean;
  readonly continueStays: boolean;
}

const REGION_START: Scope = { labels: new Set(), breakStays: false, continueStays: false };

/** Returns `region` with every exit turned into a break to the plan's label; fills the plan. */
export const rewriteExits = <T extends ts.Node>(
  region: T,
  plan: ExitPlan,
  rule: ExitRule,
  context: ts.TransformationContext,
): T => {
  const visit = (node: ts.Node, scope: Scope): ts.Node => {
    if (isFunctionBoundary(node)) return node;
    if (ts.isReturnStatement(node)) return rule === 'jumps' ? node : leaveByReturn(node, plan, rule);
    if (ts.isBreakOrContinueStatement(node)) return staysInside(node, scope) ? node : leaveByJump(node, plan, rule);
    return ts.visitEachChild(node, (child) => visit(child, enter(node, scope)), context);
  };
  return visit(region, REGION_START) as T;
};

/** Returns `if (exit === N) <exit>` for every exit of the plan, in order. */
export const resumeExits = (plan: ExitPlan): ts.Statement[] =>
  [...plan.outcomes].map(([number, outcome]) =>
    standFor(factory.createIfStatement(equals(plan.exit, factory.createNumericLiteral(number)), outcome), outcome),
  );

const enter = (node: ts.Node, scope: Scope): Scope => {
  if (ts.isLabeledStatement(node)) return { ...scope, labels: new Set([...scope.labels, node.label.text]) };
  if (isLoop(node)) return { ...scope, breakStays: true, continueStays: true };
  if (ts.isSwitchStatement(node)) return { ...scope, breakStays: true };
  return scope;
};

const staysInside = (node: ts.BreakOrContinueStatement, scope: Scope): boolean => {
  if (node.label) return scope.labels.has(node.label.text);
  return ts.isBreakStatement(node) ? scope.breakStays : scope.continueStays;
};

const leaveByReturn = (node: ts.ReturnStatement, plan: ExitPlan, rule: ExitRule): ts.Statement => {
  const number = exitNumber(
    plan,
    (outcome) => ts.isReturnStatement(outcome),
    () => standFor(factory.createReturnStatement(plan.value), node),
  );
  const value = node.expression ?? factory.createVoidZero();
  return leave(node, plan, rule, number, assign(plan.value, value));
};

const leaveByJump = (node: ts.BreakOrContinueStatement, plan: ExitPlan, rule: ExitRule): ts.Statement => {
  const same = (outcome: ts.Statement): boolean =>
    outcome.kind === node.kind && (outcome as ts.BreakOrContinueStatement).label?.text === node.label?.text;
  return leave(
    node,
    plan,
    rule,
    exitNumber(plan, same, () => node),
  );
};

const leave = (
  node: ts.Statement,
  plan: ExitPlan,
  rule: ExitRule,
  number: number,
  ...first: ts.Statement[]
): ts.Statement => {
  const exit = factory.createNumericLiteral(number);
  const last =
    rule === 'return'
      ? [factory.createReturnStatement(exit)]
      : [assign(plan.exit, exit), factory.createBreakStatement(plan.label)];
  return standFor(
    factory.createBlock(
      [...first, ...last].map((statement) => standFor(statement, node)),
      true,
    ),
    node,
  );
};

const exitNumber = (plan: ExitPlan, same: (outcome: ts.Statement) => boolean, create: () => ts.Statement): number => {
  for (const [number, outcome] of plan.outcomes) if (same(outcome)) return number;
  const number = EXIT_FIRST_FREE + plan.outcomes.size;
  plan.outcomes.set(number, create());
  return number;
};
