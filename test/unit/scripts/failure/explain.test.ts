import { describe, expect, it } from 'vitest';
import { createExplainer, PLAIN } from '../../../../scripts/failure/explain.ts';
import { placeOfFrame } from '../../../../scripts/failure/place.ts';

const SOURCE = `const readSector = (): number => {
  throw new Error('disk on fire');
};

const read = async (): Promise<number> => {
  const first = count(
    readSector(),
  );
  return first + (await later());
};
const twice = (): number => f(f(1));
run(() => disk.read(0));
`;

const place = (line: number, callee?: string, isAsync = false): string => {
  const found = placeOfFrame('main.ts', SOURCE, line, { callee, isAsync });
  return found === undefined ? 'none' : `${found.line}:${found.column}`;
};

const explain = (text: string): string[] => {
  const explainer = createExplainer((file) => (file === 'apps/x/main.ts' ? SOURCE : undefined), PLAIN);
  return [...text.split('\n').flatMap((line) => explainer.line(line)), ...explainer.end()];
};

describe('the place of a frame', () => {
  it('is what is thrown, where the failure began', () => expect(place(2)).toBe('2:9'));
  it('is the call of the frame above, also in a further line of the statement', () =>
    expect(place(6, 'readSector')).toBe('7:5'));
  it('is the await of a function that awaits', () => expect(place(9, 'later', true)).toBe('9:19'));
  it('is the first of several calls of the name', () => expect(place(11, 'f')).toBe('11:29'));
  it('is the name of a method, and not inside of a function that is only made there', () => {
    expect(place(12, 'run')).toBe('12:1');
    expect(place(12, 'read')).toBe('12:16'); // The arrow function is at that line, too.
  });
  it('is the only call of a statement, whatever its name', () => expect(place(9, 'glue')).toBe('9:25'));
  it('is the beginning of the line where none of several calls has the name', () =>
    expect(place(11, 'nobody')).toBe('11:1'));
  it('is nowhere in an empty line', () => expect(place(4, 'f')).toBe('none'));
  it('is found in Zig by the text', () => {
    const found = placeOfFrame('boot/x.zig', '\n    return symbols.find(at);', 2, {
      callee: 'symbols.find',
      isAsync: false,
    });
    expect(found).toEqual({ line: 2, column: 20 });
  });
});

describe('a panic', () => {
  it('shows the code where it began, and the columns of its frames', () => {
    const text = `PANIC uncaught exception (status 32)
  Error: disk on fire
  at readSector (apps/x/main.ts:2)
  at read (apps/x/main.ts:6)
  at somewhere
  processor: busy`;
    expect(explain(text)).toEqual([
      'PANIC uncaught exception (status 32)',
      '  Error: disk on fire',
      '',
      '    1 | const readSector = (): number => {',
      "  > 2 |   throw new Error('disk on fire');",
      '      |         ^',
      '    3 | };',
      '',
      '  at readSector (apps/x/main.ts:2:9)',
      '  at read (apps/x/main.ts:7:5)',
      '  at somewhere',
      '  processor: busy',
    ]);
  });

  it('shows the place that the message names, to the column', () => {
    const text = `PANIC checked arithmetic (status 34)
  300 does not fit u8 (apps/x/main.ts:9:10)
  at add (apps/x/main.ts:9)`;
    expect(explain(text).slice(2)).toEqual([
      '',
      '     7 |     readSector(),',
      '     8 |   );',
      '  >  9 |   return first + (await later());',
      '       |          ^',
      '    10 | };',
      '',
      '  at add (apps/x/main.ts:9:10)',
    ]);
  });

  it('stays as it is where the sources are not at hand', () => {
    const text = 'PANIC panic (status 39)\n  gone\n  at run (elsewhere/main.ts:9)';
    expect(explain(text)).toEqual(text.split('\n'));
  });

  it('repeats the last 32 lines of the log, where they are not just above', () => {
    const log = Array.from({ length: 40 }, (_, index) => `warn disk: ${index}`);
    const panic = ['PANIC panic (status 39)', '  gone'];
    const shown = explain([...log, 'a line of the program', ...panic].join('\n'));
    expect(shown.slice(-33)).toEqual(['log:', ...log.slice(-32).map((line) => `  ${line}`)]);
    expect(explain(['warn disk: 1', ...panic].join('\n'))).toEqual(['warn disk: 1', ...panic]);
  });

  it('leaves everything else alone', () => {
    const text = 'PANIC?\n  at run (apps/x/main.ts:9)\nno PANIC panic (status 39)';
    expect(explain(text)).toEqual(text.split('\n'));
  });
});
