import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPrinter, paintLine } from '../../../../scripts/qemu/terminal.ts';

const RED = '\u001b[1;31m';
const GREEN = '\u001b[32m';
const RESET = '\u001b[0m';

/** An output that remembers. */
const createOutput = () => {
  const pieces: string[] = [];
  return { write: (text: string) => pieces.push(text), text: () => pieces.join('') };
};

describe('terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('paints a panic red and a success green', () => {
    expect(paintLine('PANIC out of memory (status 35)')).toBe(`${RED}PANIC out of memory (status 35)${RESET}`);
    expect(paintLine('probe: ok\r')).toBe(`${GREEN}probe: ok${RESET}`);
    expect(paintLine('a disk without PANIC and probe: ok')).toBe('a disk without PANIC and probe: ok');
  });

  it('passes everything on untouched in a pipe', () => {
    const output = createOutput();
    const printer = createPrinter(output, false);
    printer.write('PANIC pan');
    printer.write('ic\r\nprompt> ');
    printer.end();
    expect(output.text()).toBe('PANIC panic\r\nprompt> ');
  });

  it('paints a line that came in pieces', () => {
    const output = createOutput();
    const printer = createPrinter(output, true);
    for (const letter of 'probe: ok\n') printer.write(letter);
    expect(output.text()).toBe(`${GREEN}probe: ok${RESET}\n`);
  });

  it('shows a prompt that stays unfinished', () => {
    const output = createOutput();
    const printer = createPrinter(output, true);
    printer.write('name> ');
    expect(output.text()).toBe('');
    vi.runAllTimers();
    expect(output.text()).toBe('name> ');
  });

  it('loses nothing at the end', () => {
    const output = createOutput();
    const printer = createPrinter(output, true);
    printer.write('last words');
    printer.end();
    vi.runAllTimers();
    expect(output.text()).toBe('last words');
  });
});
