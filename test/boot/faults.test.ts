// What the processor refuses, provoked from outside: the tests stop the guest through QEMU's gdb stub where TypeScript calls the Zig layer, put
// an instruction of their own there, and let it go on. So the kernel has no code that exists to fail.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../scripts/elf.ts';
import { chooseGdbPort } from '../../scripts/qemu/debug.ts';
import { connectGdb } from './gdb-remote.ts';
import { addressOf, type BootResult, boot, imageOf, PROVOKE } from './harness.ts';

/** The function whose first instructions are replaced. */
const VICTIM = 'hal_clockNow';

/** A frame as compilers make it, so that the backtrace goes through. */
const PUSH_FRAME = [0x55, 0x48, 0x89, 0xe5]; // push %rbp; mov %rsp,%rbp

/** mov $value,%rax */
const loadRax = (value: bigint): number[] => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return [0x48, 0xb8, ...bytes];
};

const READ_BYTE = [0x8a, 0x00]; // mov (%rax),%al
const WRITE_BYTE = [0x88, 0x00]; // mov %al,(%rax)
const CALL_RAX = [0xff, 0xd0]; // call *%rax
const DIVIDE_BY_ZERO = [0x31, 0xc9, 0xf7, 0xf1]; // xor %ecx,%ecx; div %ecx
const INVALID_INSTRUCTION = [0x0f, 0x0b]; // ud2
const BREAKPOINT = [0xcc]; // int3

/** Boots, runs `instructions` in place of the victim, and returns how it ended. */
const runInstructions = async (instructions: readonly number[]): Promise<BootResult> => {
  const gdbPort = await chooseGdbPort();
  const qemu = await boot(PROVOKE, { commandLine: 'fault', gdbPort, accelerator: 'tcg' });
  await qemu.qmp.execute('query-status'); // It answers when the gdb stub is there.
  const gdb = await connectGdb(gdbPort);
  const victim = await addressOf(PROVOKE, VICTIM);
  await gdb.runTo(victim);
  await gdb.writeMemory(victim, Uint8Array.from([...PUSH_FRAME, ...instructions]));
  gdb.goOn();
  return { exit: await qemu.exit, text: qemu.serial.text() };
};

const sectionAddress = async (name: string): Promise<bigint> => {
  const { sections } = readElf(readFileSync((await imageOf(PROVOKE)).debugElf));
  const found = sections.find((section) => section.name === name);
  if (found === undefined) throw new Error(`the image has no section ${name}`);
  return BigInt(found.address);
};

const expectFault = async (vector: number, meaning: RegExp, instructions: readonly number[]): Promise<void> => {
  const { exit, text } = await runInstructions(instructions);
  expect(text).toContain('PANIC CPU exception (status 37)\n');
  expect(text).toMatch(meaning);
  expect(text).toMatch(new RegExp(`^ {2}vector ${vector}, error code 0x`, 'm'));
  expect(text).toMatch(/^ {2}rip \S+ {2}rsp /m);
  expect(text).toMatch(/^ {2}at callClock \(test\/boot\/images\/provoke\.ts:\d+\)$/m);
  expect(exit.status).toBe(37);
};

describe('a CPU exception', () => {
  it('on page 0 is a null access', () =>
    expectFault(14, /^ {2}null access: read of 0x10$/m, [...loadRax(0x10n), ...READ_BYTE]));

  it('that jumps to 0 is a null access too', () =>
    expectFault(14, /^ {2}null access: execution at 0x0$/m, [...loadRax(0n), ...CALL_RAX]));

  it('is a write to read-only memory among the constants', async () =>
    expectFault(14, /^ {2}write to read-only memory: /m, [...loadRax(await sectionAddress('.rodata')), ...WRITE_BYTE]));

  it('is a write to read-only memory in the code', async () =>
    expectFault(14, /^ {2}write to read-only memory: /m, [
      ...loadRax(BigInt(await addressOf(PROVOKE, VICTIM))),
      ...WRITE_BYTE,
    ]));

  it('is an execution of data', async () =>
    expectFault(14, /^ {2}execution of data: /m, [...loadRax(await sectionAddress('.data')), ...CALL_RAX]));

  it('is an invalid address where nothing is mapped', () =>
    expectFault(14, /^ {2}invalid address: read of 0x500000000000$/m, [...loadRax(0x5000_0000_0000n), ...READ_BYTE]));

  it('is a general protection fault where no address can be', () =>
    expectFault(13, /^ {2}general protection: .*not canonical/m, [...loadRax(0x8000_0000_0000_0000n), ...READ_BYTE]));

  it('is a division by zero', () => expectFault(0, /^ {2}divide error/m, DIVIDE_BY_ZERO));

  it('is an invalid instruction', () => expectFault(6, /^ {2}invalid instruction/m, INVALID_INSTRUCTION));

  it('is a breakpoint that nobody set', () => expectFault(3, /^ {2}breakpoint/m, BREAKPOINT));
});
