// Modules, and the ways of TypeScript to say what is in one. ECMA-262 §16.2.

import { type ConstructChapter, construct } from './construct.ts';

const JOIN = 'join.ts';

export const MODULES: ConstructChapter = {
  title: 'Modules',
  constructs: [
    construct(
      'named import',
      '§16.2.2',
      'ImportDeclaration ImportClause NamedImports ImportSpecifier FromKeyword',
      JOIN,
    ),
    construct('renamed import', '§16.2.2', 'ImportSpecifier AsKeyword', JOIN),
    construct('default import', '§16.2.2', 'ImportClause', JOIN),
    construct('namespace import', '§16.2.2', 'NamespaceImport', JOIN),
    construct('import for effect', '§16.2.2', 'ImportDeclaration', JOIN),
    construct('import attributes', '§16.2.2', 'ImportAttributes ImportAttribute AssertKeyword'),
    construct('cyclic import', '§16.2.1', 'ImportDeclaration'),
    construct('order of modules', '§16.2.1', 'ImportDeclaration', JOIN),
    construct('live binding', '§16.2.1', 'ImportSpecifier', JOIN),
    construct('exported declaration', '§16.2.3', 'ExportKeyword', JOIN),
    construct('export list', '§16.2.3', 'ExportDeclaration NamedExports ExportSpecifier', JOIN),
    construct('default export', '§16.2.3', 'ExportAssignment DefaultKeyword', JOIN),
    construct('re-export', '§16.2.3', 'ExportDeclaration', JOIN),
    construct('export *', '§16.2.3', 'ExportDeclaration', JOIN),
    construct('export * as', '§16.2.3', 'NamespaceExport', JOIN),
    construct('type-only import', 'TypeScript', 'TypeKeyword'),
    construct('type-only export', 'TypeScript', 'TypeKeyword'),
    construct('import defer', 'TypeScript', 'DeferKeyword'),
    construct('import =', 'TypeScript', 'ImportEqualsDeclaration ExternalModuleReference RequireKeyword'),
    construct('export =', 'TypeScript', 'ExportAssignment'),
    construct('export as namespace', 'TypeScript', 'NamespaceExportDeclaration'),
    construct('namespace', 'TypeScript', 'ModuleDeclaration ModuleBlock NamespaceKeyword ModuleKeyword'),
    construct('declare', 'TypeScript', 'DeclareKeyword'),
    construct('global augmentation', 'TypeScript', 'GlobalKeyword'),
  ],
};
