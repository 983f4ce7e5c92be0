// Statements and declarations of variables. ECMA-262 §14.

import { type ConstructChapter, construct } from './construct.ts';

const FLOW = 'lower/flow';

export const STATEMENTS: ConstructChapter = {
  title: 'Statements and variables',
  constructs: [
    construct('block', '§14.2', 'Block OpenBraceToken CloseBraceToken', `${FLOW}/shadows.ts`),
    construct('let', '§14.3.1', 'LetKeyword VariableStatement VariableDeclaration VariableDeclarationList'),
    construct('const', '§14.3.1', 'ConstKeyword'),
    construct('temporal dead zone', '§14.3.1', 'LetKeyword', 'lower/early-reads.ts'),
    construct('var', '§14.3.2', 'VarKeyword'),
    construct('array pattern', '§14.3.3', 'ArrayBindingPattern'),
    construct('object pattern', '§14.3.3', 'ObjectBindingPattern BindingElement', `${FLOW}/rest.ts`),
    construct('empty statement', '§14.4', 'EmptyStatement SemicolonToken'),
    construct('expression statement', '§14.5', 'ExpressionStatement'),
    construct('automatic semicolon', '§12.10', 'SemicolonToken'),
    construct('if', '§14.6', 'IfStatement IfKeyword ElseKeyword'),
    construct('do…while', '§14.7.2', 'DoStatement DoKeyword'),
    construct('while', '§14.7.3', 'WhileStatement WhileKeyword'),
    construct('for', '§14.7.4', 'ForStatement ForKeyword', `${FLOW}/outline.ts`),
    construct('for…in', '§14.7.5', 'ForInStatement', 'lower/values/built-ins.ts'),
    construct('for…of', '§14.7.5', 'ForOfStatement OfKeyword', `${FLOW}/for-of.ts`),
    construct('for await', '§14.7.5', 'ForOfStatement AwaitKeyword', `${FLOW}/for-of.ts`),
    construct('continue', '§14.8', 'ContinueStatement ContinueKeyword'),
    construct('break', '§14.9', 'BreakStatement BreakKeyword'),
    construct('return', '§14.10', 'ReturnStatement ReturnKeyword'),
    construct('with', '§14.11', 'WithStatement WithKeyword'),
    construct(
      'switch',
      '§14.12',
      'SwitchStatement SwitchKeyword CaseKeyword DefaultKeyword CaseBlock CaseClause DefaultClause',
      `${FLOW}/switch.ts`,
    ),
    construct('label', '§14.13', 'LabeledStatement'),
    construct('throw', '§14.14', 'ThrowStatement ThrowKeyword'),
    construct('try…catch', '§14.15', 'TryStatement TryKeyword CatchClause CatchKeyword', `${FLOW}/try.ts`),
    construct('try…finally', '§14.15', 'TryStatement FinallyKeyword', `${FLOW}/try.ts`),
    construct('debugger', '§14.16', 'DebuggerStatement DebuggerKeyword'),
    construct('comment', '§12.4', 'SingleLineCommentTrivia MultiLineCommentTrivia'),
    construct('using', 'TypeScript', 'UsingKeyword'),
    construct('await using', 'TypeScript', 'UsingKeyword'),
  ],
};
