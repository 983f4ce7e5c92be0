// How TypeScript is set up for a program, and how the file behind a module's name is found: beside the importer, or in a package of node_modules.
// `hedyn/kernel/…` and `hedyn/drivers/…` are such names; within this package it resolves itself by them.

import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './folders.ts';

/** TypeScript's options for a program, and what is wrong with the project's tsconfig.json. */
export interface CompilerSettings {
  readonly options: ts.CompilerOptions;
  readonly errors: readonly ts.Diagnostic[];
}

/**
 * Returns this package's own options, on which kernel, drivers and build rely, with what tsconfig.json at `root` says about where modules are. In its editor a project may be stricter
 * with itself.
 */
export const compilerSettings = (root: string): CompilerSettings => {
  const own = readSettings(path.join(ROOT, 'tsconfig.json'));
  const file = path.join(root, 'tsconfig.json');
  const chosen = root === ROOT || !ts.sys.fileExists(file) ? own : readSettings(file);
  const emit = { noEmit: false, rewriteRelativeImportExtensions: true, removeComments: true };
  const options = { ...own.options, ...placesOf(chosen.options), configFilePath: file, ...emit };
  return { options, errors: chosen.errors };
};

/** `pathsBasePath` is where `paths` were written: TypeScript keeps it there. */
const placesOf = ({ paths, rootDirs, pathsBasePath }: ts.CompilerOptions): ts.CompilerOptions => ({
  ...(paths === undefined ? {} : { paths, pathsBasePath }),
  ...(rootDirs === undefined ? {} : { rootDirs }),
});

const readSettings = (file: string): CompilerSettings => {
  const source = ts.readJsonConfigFile(file, ts.sys.readFile) as ts.TsConfigSourceFile & ParsedFile;
  const host = { ...ts.sys, readDirectory: () => [] }; // The files are those that the entry reaches.
  const { options, errors } = ts.parseJsonSourceFileConfigFileContent(source, host, path.dirname(file));
  return { options, errors: [...source.parseDiagnostics, ...errors.filter(({ code }) => code !== NO_INPUTS)] };
};

/** What TypeScript has of every file that it parsed, but does not declare. */
interface ParsedFile {
  readonly parseDiagnostics: readonly ts.Diagnostic[];
}

/** "No inputs were found in config file". */
const NO_INPUTS = 18003;

/** Returns the module behind a name in an import of the file `from`, undefined when there is none. */
export type Resolver = (name: string, from: string) => ts.ResolvedModuleFull | undefined;

/** Returns a resolver that reads with `host`. What it finds in a package as TypeScript is a module of the program like any other, and no library's. */
export const createResolver = (options: ts.CompilerOptions, host: ts.ModuleResolutionHost): Resolver => {
  const cache = ts.createModuleResolutionCache('', (name) => name, options);
  return (name, from) => {
    const { resolvedModule } = ts.resolveModuleName(name, from, options, host, cache);
    const isSource = resolvedModule?.extension === ts.Extension.Ts;
    return isSource ? { ...resolvedModule, isExternalLibraryImport: false } : resolvedModule;
  };
};
