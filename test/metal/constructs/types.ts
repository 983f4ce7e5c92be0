// What TypeScript adds. Types are erased: their cases show that what is left behaves.

import { type ConstructChapter, construct } from './construct.ts';

const SECTION = 'TypeScript';

export const TYPES: ConstructChapter = {
  title: 'Types',
  constructs: [
    construct('enum', SECTION, 'EnumDeclaration EnumKeyword EnumMember'),
    construct('const enum', SECTION, 'EnumDeclaration'),
    construct('declare enum', SECTION, 'EnumDeclaration'),
    construct(
      'type annotation',
      SECTION,
      'AnyKeyword UnknownKeyword NeverKeyword NumberKeyword StringKeyword BooleanKeyword SymbolKeyword ObjectKeyword TypeReference QualifiedName ParenthesizedType',
    ),
    construct('bigint type', SECTION, 'BigIntKeyword'),
    construct('type alias', SECTION, 'TypeAliasDeclaration TypeKeyword'),
    construct(
      'interface',
      SECTION,
      'InterfaceDeclaration InterfaceKeyword PropertySignature MethodSignature CallSignature ConstructSignature',
    ),
    construct('declaration merging', SECTION, 'InterfaceDeclaration'),
    construct('generic function', SECTION, 'TypeParameter'),
    construct('generic class', SECTION, 'TypeParameter OutKeyword'),
    construct('overload', SECTION, 'FunctionDeclaration'),
    construct('this parameter', SECTION, 'Parameter'),
    construct('type predicate', SECTION, 'TypePredicate IsKeyword'),
    construct('assertion function', SECTION, 'AssertsKeyword'),
    construct('narrowing', SECTION, 'IfStatement'),
    construct('discriminated union', SECTION, 'UnionType LiteralType'),
    construct('intersection type', SECTION, 'IntersectionType'),
    construct('array type', SECTION, 'ArrayType'),
    construct('tuple type', SECTION, 'TupleType OptionalType RestType NamedTupleMember'),
    construct('function type', SECTION, 'FunctionType ConstructorType'),
    construct('object type', SECTION, 'TypeLiteral IndexSignature'),
    construct('type query', SECTION, 'TypeQuery'),
    construct('keyof and indexed access', SECTION, 'TypeOperator KeyOfKeyword IndexedAccessType'),
    construct('mapped type', SECTION, 'MappedType'),
    construct('conditional type', SECTION, 'ConditionalType InferType InferKeyword IntrinsicKeyword'),
    construct('template literal type', SECTION, 'TemplateLiteralType TemplateLiteralTypeSpan'),
    construct('this type', SECTION, 'ThisType'),
    construct('unique symbol', SECTION, 'UniqueKeyword'),
    construct('import type', SECTION, 'ImportType'),
    construct('as', SECTION, 'AsExpression'),
    construct('angle-bracket assertion', SECTION, 'TypeAssertionExpression'),
    construct('as const', SECTION, 'AsExpression'),
    construct('non-null assertion', SECTION, 'NonNullExpression'),
    construct('satisfies', SECTION, 'SatisfiesExpression SatisfiesKeyword'),
    construct('instantiation expression', SECTION, 'ExpressionWithTypeArguments'),
  ],
};
