// Which built-ins the front end refuses: it is asked, with a program that uses each on a line of its own.

import path from 'node:path';
import { ROOT, runtimeFiles } from '../build.ts';
import { compileProgram } from '../front-end.ts';
import { isReplaced } from '../lower/values/built-ins.ts';
import type { BuiltIn } from './library.ts';

/** What becomes of a built-in: the number of the rule that refuses it, whether it is rewritten, or neither. */
export interface Treatment {
  readonly refusedBy?: string;
  readonly isLowered: boolean;
}

const FIRST_LINE = 2;
/** A method whose calls are rewritten is refused without its call. */
const WITHOUT_CALL = 'HED108';

/** Returns what becomes of each built-in, by its name. */
export const treatmentsOf = async (builtIns: readonly BuiltIn[]): Promise<ReadonlyMap<string, Treatment>> => {
  const entry = path.join(ROOT, 'test/metal/every-built-in.ts');
  const uses = builtIns.map(({ use }) => `${use};`);
  const overlay = new Map([[entry, ['declare const object: any;', ...uses, 'export {};', ''].join('\n')]]);
  const { diagnostics } = compileProgram({ root: ROOT, entry, runtimeFiles: await runtimeFiles(), overlay }, true);
  return new Map(
    builtIns.map(({ name }, index): [string, Treatment] => {
      const codes = diagnostics.filter(({ line }) => line === index + FIRST_LINE).map(({ code }) => code);
      const refusedBy = codes
        .filter((code) => code !== WITHOUT_CALL)
        .sort()
        .at(-1);
      return [
        name,
        {
          isLowered: codes.includes(WITHOUT_CALL) || isReplaced(name),
          ...(refusedBy === undefined ? {} : { refusedBy }),
        },
      ];
    }),
  );
};
