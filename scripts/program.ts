// The front of the build: one checked TypeScript program and the order in which its modules run.
//
//   entry ──▶ ts.Program ──▶ type errors
//                └─▶ modules in dependency order ──▶ control plane | machine modules

import ts from 'typescript';
import type { Diagnostic, Reporter } from './diagnostics.ts';
import { IMPORT_CYCLE } from './dialect/modules.ts';
import { isOwnFile, nameIn } from './folders.ts';
import { compilerSettings, createResolver, type Resolver } from './resolution.ts';

/** A program ready for the two back ends. The lists are in dependency order: a module comes after all it imports. */
export interface Project {
  /** The folder that file names in messages are relative to. */
  readonly root: string;
  /** It notes the events of kernel/hal/trace.ts. */
  readonly traced: boolean;
  readonly entry: ts.SourceFile;
  readonly program: ts.Program;
  /** Finds the modules that its files import. */
  readonly resolve: Resolver;
  readonly checker: ts.TypeChecker;
  /** The ordinary TypeScript modules that the entry reaches. */
  readonly control: readonly ts.SourceFile[];
  /** The modules that start with 'use machine'. */
  readonly machine: readonly ts.SourceFile[];
  /** The other modules of helpers that lowering may call, whether used or not: kernel/runtime, and what stands behind globals in kernel/event. */
  readonly runtime: readonly ts.SourceFile[];
  /** All helpers, also those that the entry reaches. */
  readonly helpers: readonly ts.SourceFile[];
  /** The versions of the files without errors; empty before `typeErrors` has looked for them. */
  versions: ReadonlyMap<ts.SourceFile, Version>;
}

/** What to open. `overlay` gives texts of files that need not be on the disk, by absolute path. */
export interface ProgramFiles {
  readonly root: string;
  readonly entry: string;
  readonly runtimeFiles: readonly string[];
  readonly overlay?: ReadonlyMap<string, string>;
  /** True for a program that notes what it does: `make trace`. */
  readonly traced?: boolean;
}

/** Opens the program that starts at `entry`. Only reads; errors are found by `typeErrors` and by the passes. */
export const openProject = (files: ProgramFiles, reporter: Reporter): Project => {
  const { root, entry, runtimeFiles, overlay } = files;
  const { options, errors } = compilerSettings(root);
  const host = compilerHost(options, overlay ?? new Map());
  const resolve = createResolver(options, host);
  const program = ts.createProgram({
    rootNames: [entry, ...runtimeFiles],
    options,
    host: {
      ...host,
      resolveModuleNameLiterals: (names, from) => names.map(({ text }) => ({ resolvedModule: resolve(text, from) })),
    },
    configFileParsingDiagnostics: errors,
  });
  const checker = program.getTypeChecker();
  const entryFile = program.getSourceFile(entry);
  if (entryFile === undefined) throw new Error(`${entry} is not there`);

  const order = modulesInOrder(entryFile, program, reporter);
  const helpers = new Set(
    runtimeFiles.flatMap((name) => {
      const file = program.getSourceFile(name);
      return file === undefined ? [] : modulesInOrder(file, program, reporter);
    }),
  );
  const isControl = (file: ts.SourceFile): boolean => !isMachineModule(file) && !isKnownModule(file);

  return {
    root,
    traced: files.traced === true,
    entry: entryFile,
    program,
    resolve,
    checker,
    control: order.filter(isControl),
    machine: [...new Set([...order, ...helpers])].filter(isMachineModule),
    runtime: [...helpers].filter((file) => isControl(file) && !order.includes(file)),
    helpers: [...helpers].filter(isControl),
    versions: new Map(),
  };
};

/** Returns true when the module's first statement is the directive 'use machine'. */
export const isMachineModule = (file: ts.SourceFile): boolean => {
  const first = file.statements[0];
  return (
    first !== undefined &&
    ts.isExpressionStatement(first) &&
    ts.isStringLiteral(first.expression) &&
    first.expression.text === 'use machine'
  );
};

/**
 * Returns true for the two modules that the build tool knows by their place and does not compile: the machine types with `fixedArray`
 * (kernel/base/machine.ts), and `assert` (kernel/base/assert.ts). What they hold is for Node.
 */
export const isKnownModule = (file: ts.SourceFile): boolean =>
  isOwnFile(file.fileName, 'kernel/base/machine.ts') || isOwnFile(file.fileName, 'kernel/base/assert.ts');

/** Returns TypeScript's own errors and warnings about the program, as diagnostics of this build. Notes the versions of the files that have none. */
export const typeErrors = (project: Project): Diagnostic[] => {
  const errors = findErrors(project);
  project.versions = currentVersions(project.program);
  return errors.map((found) => {
    const code = found.code >= 1000 && found.code < 2000 ? 'HED002' : 'HED001';
    const message = `${explained(found)} (TS${found.code})`;
    if (found.file === undefined) return { file: 'tsconfig.json', line: 1, column: 1, code, message };
    const place = found.file.getLineAndCharacterOfPosition(found.start ?? 0);
    return {
      file: nameIn(project.root, found.file.fileName),
      line: place.line + 1,
      column: place.character + 1,
      code,
      message,
    };
  });
};

/** Returns the text of an error; in place of the advice to install the types of Node, a browser or a test runner, what holds here. */
const explained = ({ code, messageText }: ts.Diagnostic): string => {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  const first = text.slice(0, text.indexOf('. Do you need to '));
  if (NAMES_OF_TEST_RUNNERS.has(code)) return `${first}: import it from 'hedyn/test'`;
  return NAMES_OF_OTHERS.has(code) ? `${first}: this machine has no library of Node's or a browser's` : text;
};

/** "Cannot find name '…'. Do you need to install type definitions for …?" */
const NAMES_OF_TEST_RUNNERS: ReadonlySet<number> = new Set([2582, 2593]);
const NAMES_OF_OTHERS: ReadonlySet<number> = new Set([2580, 2581, 2584, 2591, 2592]);

/**
 * A file with all that it sees, as it was found to be without errors: another object as soon as any of that changes. What is made of a file and of what it sees can be kept by it.
 * What a file declares for all others is not among that: only helpers do so, and they are in every program.
 */
export interface Version {
  readonly imports: ReadonlyMap<ts.SourceFile, Version | undefined>;
}

/** The last version of each file, for the next program of this process: where it still holds, the file has no error there either, and need not be checked again. */
const lastVersions = new WeakMap<ts.SourceFile, Version>();

/** Returns what ts.getPreEmitDiagnostics does, without looking at clean files again. */
const findErrors = ({ program, resolve }: Project): readonly ts.Diagnostic[] => {
  const errors = [...program.getConfigFileParsingDiagnostics(), ...program.getOptionsDiagnostics()];
  const known = currentVersions(program);
  const clean = new Map<ts.SourceFile, Map<ts.SourceFile, Version | undefined>>();
  for (const file of program.getSourceFiles()) {
    if (known.has(file)) continue;
    lastVersions.delete(file);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    if (found.length === 0) clean.set(file, new Map());
    errors.push(...found);
  }
  for (const [file, imports] of clean) lastVersions.set(file, { imports });
  for (const [file, imports] of clean)
    for (const imported of filesImportedBy(file, program, resolve)) imports.set(imported, lastVersions.get(imported));
  return ts
    .sortAndDeduplicateDiagnostics([...errors, ...program.getGlobalDiagnostics()])
    .filter(({ code }) => code !== WITH_IS_UNTYPED && code !== NOT_REWRITTEN);
};

/** TypeScript says twice that there is no `with`. */
const WITH_IS_UNTYPED = 2410;
/** It would not rewrite the name of a package's module. Joined, the program has no imports. */
const NOT_REWRITTEN = 2877;

/** Returns the versions of the program's files that hold in it. */
const currentVersions = (program: ts.Program): ReadonlyMap<ts.SourceFile, Version> => {
  const current = new Map<ts.SourceFile, Version>();
  for (const file of program.getSourceFiles()) {
    const version = lastVersions.get(file);
    if (version !== undefined) current.set(file, version);
  }
  // What imports a changed file is changed, and so on, until nothing more is.
  for (let before = -1; before !== current.size; ) {
    before = current.size;
    for (const [file, { imports }] of current)
      if ([...imports].some(([imported, version]) => version === undefined || current.get(imported) !== version))
        current.delete(file);
  }
  return current;
};

/** Returns the files that `file` imports, be it types only. */
const filesImportedBy = (file: ts.SourceFile, program: ts.Program, resolve: Resolver): readonly ts.SourceFile[] =>
  ts.preProcessFile(file.text).importedFiles.flatMap(({ fileName }) => {
    const found = resolve(fileName, file.fileName);
    return (found && program.getSourceFile(found.resolvedFileName)) ?? [];
  });

/** Returns every file that the program was made from, those of types only too; without TypeScript's own library and the types of packages. */
export const filesOf = ({ program }: Project): string[] =>
  program
    .getSourceFiles()
    .map((file) => file.fileName)
    .filter((file) => !/\/node_modules\/.*\.d\.[cm]?ts$/.test(file));

/** Returns the module that an import or export declaration names, or undefined for one without a module or of types only. */
const importedModule = (statement: ts.Statement, program: ts.Program): ts.SourceFile | undefined => {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  if (statement.moduleSpecifier === undefined) return undefined;
  if (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    return undefined;
  if (ts.isExportDeclaration(statement) && statement.isTypeOnly) return undefined;
  const symbol = program.getTypeChecker().getSymbolAtLocation(statement.moduleSpecifier);
  const declaration = symbol?.valueDeclaration;
  return declaration !== undefined && ts.isSourceFile(declaration) && !declaration.isDeclarationFile
    ? declaration
    : undefined;
};

/** Returns the modules that `file` imports, and those that they import. */
export const importsOf = (file: ts.SourceFile, program: ts.Program): Set<ts.SourceFile> => {
  const found = new Set<ts.SourceFile>();
  const visit = (from: ts.SourceFile): void => {
    for (const statement of from.statements) {
      const imported = importedModule(statement, program);
      if (imported === undefined || found.has(imported)) continue;
      found.add(imported);
      visit(imported);
    }
  };
  visit(file);
  return found;
};

/** Depth-first, imports before the importer. A cycle is reported at the import that closes it. */
const modulesInOrder = (entry: ts.SourceFile, program: ts.Program, reporter: Reporter): ts.SourceFile[] => {
  const order: ts.SourceFile[] = [];
  const state = new Map<ts.SourceFile, 'open' | 'done'>();
  const visit = (file: ts.SourceFile): void => {
    state.set(file, 'open');
    for (const statement of file.statements) {
      const imported = importedModule(statement, program);
      if (imported === undefined) continue;
      if (state.get(imported) === 'open') reporter.report(statement, IMPORT_CYCLE);
      else if (state.get(imported) === undefined) visit(imported);
    }
    state.set(file, 'done');
    order.push(file);
  };
  visit(entry);
  return order;
};

/**
 * Parsed files, kept for the next program of this process: TypeScript's own library is most of what there is to parse.
 * The key has the time of change, so that an edited file is parsed again.
 */
const parsedFiles = new Map<string, ts.SourceFile>();

/** Reads from `overlay` before the disk. */
const compilerHost = (options: ts.CompilerOptions, overlay: ReadonlyMap<string, string>): ts.CompilerHost => {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (file) => overlay.has(file) || host.fileExists(file),
    readFile: (file) => overlay.get(file) ?? host.readFile(file),
    getSourceFile: (file, languageVersion) => {
      const text = overlay.get(file);
      if (text !== undefined) return ts.createSourceFile(file, text, languageVersion);
      const key = `${file} ${ts.sys.getModifiedTime?.(file)?.getTime()}`;
      const known = parsedFiles.get(key);
      if (known !== undefined) return known;
      const parsed = host.getSourceFile(file, languageVersion);
      if (parsed !== undefined) parsedFiles.set(key, parsed);
      return parsed;
    },
  };
};
