// gdb on TypeScript lines, in both planes, as `make debug` tells its user to do it.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { chooseGdbPort } from '../../scripts/qemu/debug.ts';
import { findProgram } from '../../scripts/qemu/program.ts';
import { boot, imageOf, PROVOKE, PROVOKE_MACHINE, placeOf } from './harness.ts';

const GDB_LIMIT_MS = 60_000;

/** Boots halted, lets gdb run to `breakpoint`, and returns what gdb says of the way there. */
const stopAt = async (breakpoint: string): Promise<string> => {
  const { debugElf } = await imageOf(PROVOKE);
  const gdbPort = await chooseGdbPort();
  const qemu = await boot(PROVOKE, { commandLine: 'arithmetic', gdbPort, accelerator: 'tcg', limitMs: GDB_LIMIT_MS });
  await qemu.qmp.execute('query-status'); // It answers when the gdb stub is there.
  const commands = [`target remote localhost:${gdbPort}`, `break ${breakpoint}`, 'continue', 'backtrace', 'info args'];
  const words = commands.flatMap((command) => ['-ex', command]);
  return execFileSync('gdb', ['-nx', '-batch', debugElf, ...words], { encoding: 'utf8', timeout: GDB_LIMIT_MS });
};

it.skipIf(findProgram('gdb') === undefined)('gdb stops on a TypeScript line of a machine module', async () => {
  const place = placeOf(PROVOKE_MACHINE, 'a + b');
  const said = await stopAt(place);
  expect(said).toContain(`Breakpoint 1, `);
  expect(said).toMatch(new RegExp(`^#0 .*addBytes.* at .*${place}$`, 'm'));
  expect(said).toMatch(/^a = 200/m);
});

it.skipIf(findProgram('gdb') === undefined)('gdb stops on a TypeScript line of the control plane', async () => {
  const place = placeOf(PROVOKE, "what === 'arithmetic'");
  const said = await stopAt(place);
  expect(said).toMatch(new RegExp(`^#0 .*provoke.* at .*${place}$`, 'm'));
});
