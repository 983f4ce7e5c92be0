// Functions, generators and what is awaited. ECMA-262 §15.

import { type ConstructChapter, construct } from './construct.ts';

const FLOW = 'lower/flow';

export const FUNCTIONS: ConstructChapter = {
  title: 'Functions',
  constructs: [
    construct('function declaration', '§15.2', 'FunctionDeclaration FunctionKeyword'),
    construct('function expression', '§15.2', 'FunctionExpression'),
    construct('arrow function', '§15.3', 'ArrowFunction EqualsGreaterThanToken'),
    construct('hoisting', '§10.2.11', 'FunctionDeclaration', `${FLOW}/hoist.ts`),
    construct('recursion', '§10.2.1', 'FunctionDeclaration'),
    construct('closure', '§9.1', 'ArrowFunction', `${FLOW}/shadows.ts`),
    construct('parameter', '§15.1', 'Parameter'),
    construct('default parameter', '§15.1', 'Parameter', 'lower/values/parameters.ts'),
    construct('rest parameter', '§15.1', 'Parameter DotDotDotToken'),
    construct('destructured parameter', '§15.1', 'Parameter', 'lower/values/parameters.ts'),
    construct('arguments', '§10.4.4', 'Identifier'),
    construct('this of a function', '§10.2.1', 'ThisKeyword'),
    construct('this of an arrow function', '§15.3', 'ThisKeyword'),
    construct('name of a function', '§10.2.9', 'Identifier', 'lower/function-names.ts'),
    construct('length of a function', '§10.2.10', 'Parameter'),
    construct('strict mode', '§11.2.2', 'Identifier'),
    construct('iterator protocol', '§27.1', 'ForOfStatement', `${FLOW}/iterables.ts`),
    construct('generator', '§15.5', 'FunctionDeclaration AsteriskToken'),
    construct('generator method', '§15.5', 'MethodDeclaration'),
    construct('yield', '§15.5', 'YieldExpression YieldKeyword'),
    construct('yield*', '§15.5', 'YieldExpression', `${FLOW}/yield-star.ts`),
    construct('async function', '§15.8', 'AsyncKeyword'),
    construct('async arrow function', '§15.9', 'AsyncKeyword'),
    construct('async method', '§15.8', 'AsyncKeyword'),
    construct('await', '§15.8', 'AwaitExpression AwaitKeyword', `${FLOW}/jobs.ts`),
    construct('top-level await', '§16.2', 'AwaitExpression', 'top-level.ts'),
    construct('async generator', '§15.6', 'AsyncKeyword YieldExpression', `${FLOW}/async-generators.ts`),
    construct('async iterator protocol', '§27.1', 'ForOfStatement', `${FLOW}/for-of.ts`),
  ],
};
