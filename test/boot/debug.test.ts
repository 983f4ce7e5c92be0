// gdb with scripts/gdb, on the image that has a value of each kind: what a user sees who types the command of `make debug`.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseGdbPort, gdbArguments } from '../../scripts/qemu/debug.ts';
import { findProgram } from '../../scripts/qemu/program.ts';
import { startMi } from './gdb-mi.ts';
import { boot, imageOf, placeOf } from './harness.ts';

const DEBUG = 'test/boot/images/debug.ts';
const DEBUG_MACHINE = 'test/boot/images/debug-machine.ts';

const GDB = findProgram(process.env.GDB || 'gdb');
const GDB_LIMIT_MS = 60_000;

const placeOfValues = placeOf(DEBUG, 'Stop here for the values');
const placeOfMachine = placeOf(DEBUG_MACHINE, 'total = total + step');
const placeOfShared = placeOf(DEBUG, 'Stop here for the variables that closures share');
const placeOfClosure = placeOf(DEBUG, 'Stop here for the closure');
const placeOfCall = placeOf(DEBUG, ".speak('walk')");
const placeOfMethod = placeOf(DEBUG, 'speak(word');
const placeOfAsync = placeOf(DEBUG, 'Stop here for the async function');
const placeOfDebugger = placeOf(DEBUG, 'debugger;');

/** What is typed at each stop, in the order in which the program comes there. */
const STOPS: readonly (readonly [place: string, commands: readonly string[]])[] = [
  [placeOfShared, ['info locals', 'next', 'next', 'info locals']],
  [placeOfValues, ['info locals', 'backtrace', 'next']],
  [placeOfMachine, ['info args', 'print box->sizes', 'print box->corner.x', 'backtrace', 'next', 'info locals']],
  [placeOfClosure, ['backtrace', 'info locals', 'next', 'next', 'info locals', 'finish', 'info locals']],
  [placeOfCall, ['step', 'finish', 'step', 'backtrace', 'info args', 'next', 'next', 'info locals', 'finish']],
  ['later', ['info args', 'next', 'next', 'next', 'next', 'info locals']],
];

/** Returns what gdb says at each stop, by its place. One session for all of them: a boot for each would take a second each. */
const session = async (): Promise<ReadonlyMap<string, string>> => {
  const { debugElf } = await imageOf(DEBUG, false, true);
  const gdbPort = await chooseGdbPort();
  const qemu = await boot(DEBUG, { debug: true, gdbPort, accelerator: 'tcg', limitMs: GDB_LIMIT_MS });
  await qemu.qmp.execute('query-status'); // It answers when the gdb stub is there.
  const atStops = STOPS.flatMap(([place, typed], index) => [
    ...(index === 0 ? [] : [`tbreak ${place}`, 'continue']), // The first stop is the command's own.
    ...[`echo \\n=== ${place}\\n`, ...typed],
  ]);
  const words = [...atStops, 'continue', `echo \\n=== ${placeOfDebugger}\\n`, 'backtrace'];
  const typed = [...gdbArguments(debugElf, gdbPort, placeOfShared), ...words.flatMap((command) => ['-ex', command])];
  // gdb's exit status is that of its last command.
  const { stdout } = await promisify(execFile)(GDB as string, ['-nx', '-batch', ...typed], {
    timeout: GDB_LIMIT_MS,
  }).catch((error: { stdout: string }) => error);
  return new Map(stdout.split('\n=== ').map((part) => [part.slice(0, part.indexOf('\n')), part]));
};

let asked: Promise<ReadonlyMap<string, string>> | undefined;

/** Returns what gdb says at a stop. */
const saidAt = async (place: string): Promise<string> => {
  asked ??= session();
  return (await asked).get(place) ?? '';
};

// A build takes longer than a test may.
beforeAll(async () => void (GDB && (await imageOf(DEBUG, false, true))));

describe.skipIf(GDB === undefined)('gdb', () => {
  it('shows each kind of value of the control plane as console.log does', async () => {
    const said = await saidAt(placeOfValues);
    for (const line of [
      `text = 'plain "quoted"\\n'`,
      "wide = 'grün → 😀'",
      "empty = ''",
      'whole = 42',
      'half = -0.5',
      'notNumber = NaN',
      'yes = true',
      'nothing = undefined',
      'none = null',
      "list = [ 1, 'two', [ 3, null ], undefined ]",
      "object = { name: 'disk', size: 512, nested: { ready: true }, 'odd key': [] }",
      "map = Map(1) { 'b' => { c: 2 } }",
      "set = Set(2) { 1, 'x' }",
      'error = [TypeError: wrong thing]',
      "own = [Error: no file] { code: 'ENOENT', [cause]: [TypeError: wrong thing] }",
      'animal = Animal { legs: 4 }',
      'work = [Function: speak]',
      'bytes = Uint8Array(3) [ 1, 2, 255 ]',
      'floats = Float64Array(2) [ 0.5, -1 ]',
      'buffer = ArrayBuffer { <01 02 ff>, byteLength: 3 }',
      "promise = Promise { 'done' }",
      'symbol = Symbol(mark)',
      'pattern = /a+b/gi',
      'date = 1970-01-01T00:00:00.000Z',
    ])
      expect(said.split('\n')).toContain(line);
  });

  it('steps over a line', async () => {
    expect(await saidAt(placeOfValues)).toMatch(/^\d+\t {2}return addTo\(box, 5\) \+ list\.length;$/m);
  });

  it('shows records and arrays of a machine module', async () => {
    const said = await saidAt(placeOfMachine);
    expect(said).toContain(
      'box = Box { count: 5, isOpen: true, sizes: [ 7, 7, 7 ], bytes: [ 200, 200, 200, 200 ], corner: ',
    );
    expect(said).toMatch(/^step = 5$/m);
    expect(said).toMatch(/^before = 0$/m);
    expect(said).toMatch(/^\$1 = \[ 7, 7, 7 \]\n\$2 = -3$/m);
  });

  it('prints a backtrace through both planes, without what nobody wrote', async () => {
    const frames = (await saidAt(placeOfMachine)).split('\n').filter((line) => line.startsWith('#'));
    expect(frames.map((line) => line.replace(/^#\d+ +(\S+) .* at (.*):\d+$/, '$1 $2'))).toEqual([
      `addTo ${DEBUG_MACHINE}`,
      `values ${DEBUG}`,
      `main ${DEBUG}`,
    ]);
  });

  it('shows no variable that nobody wrote', async () => {
    const { 1: locals = '' } = /\n([^#]*)\n#0/.exec(await saidAt(placeOfValues)) ?? [];
    expect([...locals.matchAll(/^(\w+) = /gm)].map(([, name]) => name)).toEqual([
      ...[
        'text',
        'wide',
        'empty',
        'whole',
        'half',
        'notNumber',
        'yes',
        'nothing',
        'none',
        'list',
        'object',
        'map',
        'set',
      ],
      ...['error', 'own', 'animal', 'work', 'bytes', 'floats', 'buffer', 'promise', 'symbol', 'pattern', 'date', 'box'],
      ...['all', 'more'],
    ]);
  });

  it('shows the variables that a function shares with closures as they are now', async () => {
    const said = await saidAt(placeOfShared);
    expect(said).toMatch(/^calls = 0\ncount = 6\nlast = undefined$/m);
  });

  it('stops in a closure, shows the variables around it, and returns to the TypeScript that called it', async () => {
    const said = await saidAt(placeOfClosure);
    expect(said).toMatch(new RegExp(`^#0 .* at ${placeOfClosure}$`, 'm'));
    expect(said).toContain("calls = 1\nlast = 'after 6'\ncount = 6\nstart = 5\n");
    expect(said).toContain("calls = 2\nlast = 'after 6'\ncount = 7\nstart = 5\n");
    expect(said).toContain('Value returned is 9\n');
  });

  it('shows the variables of the module that a function speaks of', async () => {
    expect(await saidAt(placeOfClosure)).toMatch(/^next = \[Function \(anonymous\)\]$/m);
  });

  it('steps into a constructor and a method, and shows what they return', async () => {
    const said = await saidAt(placeOfCall);
    expect(said).toContain('Animal (this=Animal {}, legs=2)');
    expect(said).toContain('Value returned is Animal { legs: 2 }\n');
    expect(said).toMatch(new RegExp(`^#0 .*speak .* at ${placeOfMethod}$`, 'm'));
    expect(said).toContain("this = Animal { legs: 2 }\nword = 'walk'\n");
    expect(said).toContain("said = 'walk on 2'\n");
    expect(said).toContain("Value returned is 'walk on 2'\n");
  });

  it('stops at a function by its name, and steps over an await', async () => {
    const said = await saidAt('later');
    expect(said).toContain("name = 'hello'\n");
    expect(said).toContain(`${placeOfAsync.split(':')[1]}\t  return`);
    expect(said).toContain("before = 'before hello'\nafter = 'after hello'\n");
  });

  it('stops at debugger;', async () => {
    expect(await saidAt(placeOfDebugger)).toMatch(new RegExp(`^#0 .* at ${placeOfDebugger}$`, 'm'));
  });
});

/** Returns the configuration of .vscode/launch.json, for a program that waits at a port. */
const launchConfiguration = (): { setupCommands: { text: string }[] } => {
  const text = readFileSync('.vscode/launch.json', 'utf8').replaceAll('$' + '{workspaceFolder}', process.cwd());
  return JSON.parse(text).configurations[0];
};

describe.skipIf(GDB === undefined)('gdb under VS Code', () => {
  it('stops at a line of each plane, with a stack and variables of TypeScript, and steps', async () => {
    const { debugElf } = await imageOf(DEBUG, false, true);
    const gdbPort = await chooseGdbPort();
    const qemu = await boot(DEBUG, { debug: true, gdbPort, accelerator: 'tcg', limitMs: GDB_LIMIT_MS });
    await qemu.qmp.execute('query-status');

    const mi = startMi(GDB as string);
    for (const { text } of launchConfiguration().setupCommands) await mi.ask(text);
    await mi.ask(`-file-exec-and-symbols ${debugElf}`);
    await mi.ask(`-target-select remote localhost:${gdbPort}`);
    for (const place of [placeOfValues, placeOfMachine]) await mi.ask(`-break-insert -f ${path.resolve(place)}`);

    expect(await mi.go('-exec-continue')).toContain(`fullname="${path.resolve(DEBUG)}"`);
    const stack = await mi.ask('-stack-list-frames');
    expect([...stack.matchAll(/func="(.*?)",file="(.*?)"/g)].map(([, name, file]) => [name, file])).toEqual([
      ['values', DEBUG],
      ['main', DEBUG],
    ]);
    expect(await mi.ask('-stack-list-variables 0')).toContain('variables=[{name="text"},{name="wide"},');
    expect(await mi.ask('-var-create - * text')).toContain(String.raw`value="'plain \"quoted\"\\n'"`);
    await mi.ask('-var-create list * list');
    const children = await mi.ask('-var-list-children --all-values list');
    expect(
      [...children.matchAll(/exp="(.*?)",numchild="0",value="(.*?)"/g)].map(([, name, value]) => [name, value]),
    ).toEqual([
      ['[0]', '1'],
      ['[1]', "'two'"],
      ['[2]', '{...}'],
      ['[3]', 'undefined'],
    ]);

    expect(await mi.go('-exec-continue')).toContain(`fullname="${path.resolve(DEBUG_MACHINE)}"`);
    await mi.ask('-var-create box * box');
    const fields = await mi.ask('-var-list-children --all-values box');
    expect(fields).toMatch(/exp="count",numchild="0",value="5".*exp="isOpen",numchild="0",value="true"/);
    await mi.go('-exec-finish');

    await mi.ask(`-break-insert -f ${path.resolve(placeOfCall)}`);
    await mi.go('-exec-continue');
    expect(await mi.go('-exec-step')).toContain('func="Animal"');
    await mi.go('-exec-finish');
    expect(await mi.go('-exec-step')).toContain('func="speak"');
    await mi.end();
    expect((await qemu.exit).status).not.toBe(60); // It ended with gdb.
  });
});
