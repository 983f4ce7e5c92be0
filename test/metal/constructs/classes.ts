// Classes. ECMA-262 §15.7.

import { type ConstructChapter, construct } from './construct.ts';

export const CLASSES: ConstructChapter = {
  title: 'Classes',
  constructs: [
    construct('class declaration', '§15.7', 'ClassDeclaration ClassKeyword SemicolonClassElement'),
    construct('class expression', '§15.7', 'ClassExpression'),
    construct('constructor', '§15.7', 'Constructor ConstructorKeyword'),
    construct('field', '§15.7', 'PropertyDeclaration'),
    construct('static field', '§15.7', 'PropertyDeclaration StaticKeyword'),
    construct('method', '§15.7', 'MethodDeclaration'),
    construct('static method', '§15.7', 'MethodDeclaration StaticKeyword'),
    construct('getter', '§15.7', 'GetAccessor GetKeyword'),
    construct('setter', '§15.7', 'SetAccessor SetKeyword'),
    construct('static accessor', '§15.7', 'GetAccessor SetAccessor StaticKeyword'),
    construct('computed member', '§15.7', 'ComputedPropertyName'),
    construct('private field', '§15.7', 'PrivateIdentifier HashToken'),
    construct('private method', '§15.7', 'PrivateIdentifier'),
    construct('static block', '§15.7', 'ClassStaticBlockDeclaration'),
    construct('extends', '§15.7', 'HeritageClause ExtendsKeyword ExpressionWithTypeArguments'),
    construct('extends null', '§15.7', 'HeritageClause'),
    construct('extends an expression', '§15.7', 'HeritageClause ExpressionWithTypeArguments'),
    construct('extends a built-in', '§15.7', 'HeritageClause'),
    construct('extends Error', '§15.7', 'HeritageClause', 'lower/flow/errors.ts'),
    construct('decorator', 'TypeScript', 'Decorator AtToken'),
    construct('auto-accessor', 'TypeScript', 'AccessorKeyword'),
    construct('abstract class', 'TypeScript', 'AbstractKeyword'),
    construct('implements', 'TypeScript', 'ImplementsKeyword'),
    construct('access modifier', 'TypeScript', 'PublicKeyword PrivateKeyword ProtectedKeyword'),
    construct('readonly', 'TypeScript', 'ReadonlyKeyword'),
    construct('override', 'TypeScript', 'OverrideKeyword'),
    construct('parameter property', 'TypeScript', 'Parameter'),
    construct('declared field', 'TypeScript', 'PropertyDeclaration DeclareKeyword'),
    construct('optional member', 'TypeScript', 'QuestionToken'),
    construct('definite assignment', 'TypeScript', 'ExclamationToken'),
  ],
};
