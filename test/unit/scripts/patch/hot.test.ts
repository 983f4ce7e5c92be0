import { describe, expect, it } from 'vitest';
import { favourHot } from '../../../../scripts/patch/hot.ts';

const HELPERS = `typedef double f64;
static jsval p1_once(jsval);
static jsval p2_again(jsval);
static jsval p3_waits(jsval);
static jsval p4___Porffor_object_get_ic(jsval, jsval, i32, i32);
static jsval p5___ecma262_ToNumeric(jsval);
static PORF_NOINLINE jsval hedyn_get(jsval object, u32 key, i32 hash, i32 slot) {
  return p4___Porffor_object_get_ic(object, porf_box(key, 195), hash, slot);
}
static PORF_NOINLINE jsval hedyn_call1(jsval f, jsval thisv, jsval a0) {
  return porf_call_dynamic(f, thisv, JV_UNDEFINED, 1, (jsbits[]){ porf_pack(a0) });
}
`;

const FUNCTIONS = `jsval p1_once(jsval a) {
  jsval b = JV_UNDEFINED;

#line 1 "kernel/pci/scan.ts"
	b = hedyn_get(a, 8u, 1, 2);
	return p5___ecma262_ToNumeric(b);
}
jsval p2_again(jsval a) {
  jsval b = JV_UNDEFINED;

#line 1 "kernel/event/loop.ts"
	b = porf_box(_23env, 34);
	b = porf_box(*(f64*)(MEM + porf_offset(b.val) + 8u), *(u8*)(MEM + porf_offset(b.val) + 16u));
	if (porf_cmp(hedyn_get(b, 8u, 1, 2), a) == 1) return p5___ecma262_ToNumeric(b);
	return b;
}
jsval p3_waits(jsval a) {
  porf_coro_prologue();

#line 1 "apps/x/main.ts"
	return hedyn_get(a, 8u, 1, 2);
}
PORF_NOINLINE jsval p4___Porffor_object_get_ic(jsval o, jsval key, i32 hash, i32 slot) {
	return p6___Porffor_object_get_icMiss(o, key, hash, slot);
}
jsval p5___ecma262_ToNumeric(jsval v) {
	return v;
}
static const u8 porf_fnflags[] = { 0, 0, 8, 3, 0, 0 };
static jsval porf_invoke(u32 idx) {
  switch (idx) {
    case 1: return p1_once(hedyn_argument(argc, argv, 0));
    case 2: return p2_again(env, thisv, hedyn_argument(argc, argv, 0), hedyn_argument(argc, argv, 1));
    case 3: return p3_waits(hedyn_argument(argc, argv, 0));
    case 4: return p4_made(callee, newtv, hedyn_argument(argc, argv, 0));
  }
}
`;

const c = HELPERS + FUNCTIONS;
const hot = favourHot(c);
const bodyOf = (name: string): string =>
  new RegExp(`^(?:\\w+ )?${name}\\([^;]*\\{\\n[\\s\\S]*?\\n\\}`, 'm').exec(hot)![0];

describe('a program that waits for events', () => {
  it('has the loop and async functions compiled for speed, the rest for size', () => {
    expect(hot).toContain('#define HEDYN_SMALL __attribute__((minsize))');
    expect(hot).toContain('static HEDYN_SMALL jsval p1_once(jsval);');
    expect(hot).toContain('static jsval p2_again(jsval);');
    expect(hot).toContain('static jsval p3_waits(jsval);');
  });

  it('has the usual case of helpers in line there, and nowhere else', () => {
    expect(bodyOf('p2_again')).toContain('quick_cmp(quick_get(b, 8u, 1, 2), a) == 1) return quick_numeric(b)');
    expect(bodyOf('p3_waits')).toContain('quick_get(');
    expect(bodyOf('p1_once')).toContain('hedyn_get(');
    expect(bodyOf('p1_once')).toContain('p5___ecma262_ToNumeric(b)');
    expect(hot).toContain(
      'static inline jsval quick_get(jsval object, u32 key, i32 hash, i32 slot) {\n  return quick_property(',
    );
    expect(hot.indexOf('quick_get(jsval')).toBeLessThan(hot.indexOf('p1_once(jsval a) {'));
  });

  it('reads a property where it was last time, and calls a getter from there', () => {
    const text = /^static inline jsval quick_property\([\s\S]*?\n\}/m.exec(hot)![0];
    expect(text).toContain('return hedyn_call0(porf_box(getter, 6), object);');
    expect(text).toContain('return p6___Porffor_object_get_icMiss(object, key, hash, slot);');
  });

  it('reads what a function has captured from its environment as it is', () => {
    expect(bodyOf('p2_again')).toContain('*(f64*)(MEM + _23env + 8u), *(u8*)(MEM + _23env + 16u)');
  });

  it('calls what is known at run time only with the arguments in their places', () => {
    const call = /^static jsval hedyn_call1\(.*\{\n[\s\S]*?\n\}/m.exec(hot)![0];
    expect(hot).toContain('static jsval hedyn_call1(jsval f, jsval thisv, jsval a0);\n');
    expect(hot).toContain('  return porf_call_dynamic(f, thisv, JV_UNDEFINED, 1, (jsbits[]){ porf_pack(a0) });\n}\n');
    expect(call).toContain(
      '      case 1: return p1_once(a0);\n      case 2: return p2_again(env, thisv, a0, JV_UNDEFINED);\n      case 4: return p4_made(f, JV_UNDEFINED, a0);\n    }\n',
    );
    expect(call).not.toContain('p3_waits'); // Async functions are started, not called.
  });
});

describe('a program that does not', () => {
  it('is as it was', () => {
    const without = c.replace('kernel/event/loop.ts', 'apps/x/main.ts');
    expect(favourHot(without)).toBe(without);
  });
});

describe('another Porffor', () => {
  it('stops the build', () => {
    expect(() => favourHot(c.replace('porf_fnflags', 'porf_flags'))).toThrow('no porf_fnflags');
  });
});
