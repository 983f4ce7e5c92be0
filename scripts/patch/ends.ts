// The ways a program ends against its will: an exception nobody catches, an internal error of Porffor's run time, memory that is used
// up. On metal each becomes a panic; natively the text goes to stderr and the process ends with 1.

import type { Edit } from './edit.ts';

// Latin-1 (type 195) and UTF-16 (type 67) strings of the compiled program, as UTF-8.
const UTF8_OF_STRING = `
static size_t hedyn_putUtf8(u8* out, u32 c) {
  if (c < 0x80) { out[0] = (u8)c; return 1; }
  if (c < 0x800) { out[0] = (u8)(0xc0 | c >> 6); out[1] = (u8)(0x80 | (c & 63)); return 2; }
  if (c < 0x10000) { out[0] = (u8)(0xe0 | c >> 12); out[1] = (u8)(0x80 | (c >> 6 & 63)); out[2] = (u8)(0x80 | (c & 63)); return 3; }
  out[0] = (u8)(0xf0 | c >> 18); out[1] = (u8)(0x80 | (c >> 12 & 63)); out[2] = (u8)(0x80 | (c >> 6 & 63)); out[3] = (u8)(0x80 | (c & 63));
  return 4;
}

static size_t hedyn_utf8(u8* out, size_t capacity, u32 string, i32 type) {
  const u32 length = *(u32*)(MEM + string);
  size_t used = 0;
  for (u32 i = 0; i < length && used + 4 <= capacity; i++) {
    u32 c = type == 195 ? *(MEM + string + 4 + i) : porf_load_un_u16(MEM + string + 4 + i * 2);
    if (type == 67 && (c & 0xfc00) == 0xd800 && i + 1 < length) {
      const u32 low = porf_load_un_u16(MEM + string + 4 + (i + 1) * 2);
      if ((low & 0xfc00) == 0xdc00) { c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff)); i++; }
    }
    if ((c & 0xf800) == 0xd800) c = 0xfffd;
    used += hedyn_putUtf8(out + used, c);
  }
  return used;
}
`;

const HEAD_METAL = `
extern _Noreturn void hal_uncaught(const uint8_t* utf8, size_t length);
extern _Noreturn void hal_panicText(const uint8_t* utf8, size_t length);
extern _Noreturn void hal_outOfMemoryText(const uint8_t* utf8, size_t length);
extern uint32_t hal_nurseryBytes;
extern uint64_t hal_memoryFree(void);
static _Noreturn void hedyn_endUncaught(const uint8_t* utf8, size_t length) { hal_uncaught(utf8, length); }
static _Noreturn void hedyn_panic(const char* text) { hal_panicText((const uint8_t*)text, strlen(text)); }
static _Noreturn void hedyn_outOfMemory(const char* text) { hal_outOfMemoryText((const uint8_t*)text, strlen(text)); }
`;

const HEAD_NATIVE = `
static _Noreturn void hedyn_endUncaught(const uint8_t* utf8, size_t length) {
  fflush(stdout);
  fprintf(stderr, "Uncaught %.*s\\n", (int)length, (const char*)utf8);
  exit(1);
}
static _Noreturn void hedyn_panic(const char* text) {
  fflush(stdout);
  fprintf(stderr, "panic: %s\\n", text);
  exit(1);
}
static _Noreturn void hedyn_outOfMemory(const char* text) { hedyn_panic(text); }
`;

// An exception inside the conversion of an uncaught exception ends with a fixed text.
const UNCAUGHT = `${UTF8_OF_STRING}
$2
static _Noreturn void hedyn_uncaught(jsval v) {
  static const char unprintable[] = "exception (its text cannot be made: toString threw)";
  static i32 busy = 0;
  porf_try_depth = 0;
  if (busy++) hedyn_endUncaught((const u8*)unprintable, sizeof unprintable - 1);
  const jsval text = $3(v);
  const i32 type = porf_jv_type(text);
  if (type != 195 && type != 67) hedyn_endUncaught((const u8*)"exception", 9);
  static u8 utf8[2048];
  hedyn_endUncaught(utf8, hedyn_utf8(utf8, sizeof utf8, (u32)text.val, type));
}

$1static void porf_throw(jsval v) {
  porf_exception = v;
  if (porf_try_depth > 0) _longjmp(porf_try_stack[porf_try_depth - 1], 1);
  hedyn_uncaught(v);
}
`;

const COLD = String.raw`#if defined\(__GNUC__\) \|\| defined\(__clang__\)\n__attribute__\(\(cold, noinline, noreturn\)\)\n#endif\n`;

const THROW = String.raw`(${COLD})static void porf_throw\(jsval v\) \{\n[\s\S]*?\n\}\n`;

/** A program that makes no text of anything has nothing to say about an exception but that there was one. */
const uncaughtEdit = (c: string): Edit => {
  const toString = /^jsval (p\d+___ecma262_ToString)\(jsval\);$/m.exec(c)?.[1];
  const declaration = toString === undefined ? '' : `jsval ${toString}(jsval);`;
  return {
    mends: 'an uncaught exception',
    find: new RegExp(THROW, 'g'),
    replace: UNCAUGHT.replace('$2', declaration).replace('$3(v)', toString === undefined ? 'v' : `${toString}(v)`),
    times: 1,
  };
};

/** Returns the edits that send every bad end to one place. */
export const endEdits = (c: string, target: 'metal' | 'native'): Edit[] => [
  {
    mends: 'the declarations at the head',
    find: '#include <time.h>\n',
    replace: `#include <time.h>\n${target === 'metal' ? HEAD_METAL : HEAD_NATIVE}\n`,
    times: 1,
  },
  uncaughtEdit(c),
  {
    mends: 'an unreachable point that is reached',
    find: /fprintf\(stderr, "porffor: unreachable%s%s\\n", [^\n]*\n {2}abort\(\);/g,
    replace: 'hedyn_panic(msg ? msg : "a point thought unreachable was reached");',
    times: 1,
  },
  {
    mends: 'memory that is used up',
    find: /fprintf\(stderr, "porffor: (out of memory|failed to [a-z ]+)[\s\S]*?;\n\s*(?:abort\(\)|exit\(1\));/g,
    replace: 'hedyn_outOfMemory("the heap: $1");',
    times: 'some',
  },
  {
    mends: 'an internal error',
    find: /\babort\(\);/g,
    replace: 'hedyn_panic("out of memory, or an internal error of the JavaScript run time");',
    times: 'some',
  },
  ...(target === 'metal' ? smallMachineEdits : []),
];

/** Porffor's collector knows processes with gigabytes: it would let a machine run out of RAM before it looks through all of the heap for the first time. */
const smallMachineEdits: readonly Edit[] = [
  {
    mends: 'the size of the nursery',
    find: '#define PORF_GC_NURSERY_BYTES 33554432u',
    replace: '#define PORF_GC_NURSERY_BYTES hal_nurseryBytes',
    times: 1,
  },
  {
    mends: 'how far the heap grows before the young are collected',
    find: 'live_bytes + 64ull * 1024ull * 1024ull;',
    replace: 'live_bytes + 2ull * PORF_GC_NURSERY_BYTES;',
    times: 1,
  },
  {
    mends:
      'when all of the heap is collected: also when RAM is nearly used up, and enough was taken since the last time for it to be worth the while',
    find: '(porf_heap_top > 1610612736u && claimed > pressure_full_at);',
    replace: `(porf_heap_top > 1610612736u && claimed > pressure_full_at) ||
    (claimed > (i64)PORF_GC_NURSERY_BYTES / 8 && hal_memoryFree() < PORF_GC_NURSERY_BYTES);`,
    times: 1,
  },
];
