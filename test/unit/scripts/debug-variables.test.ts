import { describe, expect, it } from 'vitest';
import { markVariables } from '../../../scripts/debug-variables.ts';
import { showVariables } from '../../../scripts/patch/variables.ts';

const line = (file = 'a.ts'): string => `Porffor.c\`\n#line 1 "${file}"\`;`;

describe('marks of variables', () => {
  it('stand in a closure for what is around it, and behind a declaration that a closure shares', () => {
    const js = `const f = (a) => { ${line()} let count = a; return () => { ${line()} return count + a; }; };`;
    expect(markVariables(js)).toBe(
      `const f = (a) => { ${line()} let count = a;const count$at0 = count; return () => {const count$at0 = count;const a$at0 = a; ${line()} return count + a; }; };`,
    );
  });

  it('stand for the variables of a module, and not for its functions', () => {
    const js = `let total = 0; const show = () => 1; const f = () => { ${line()} total += show(); };`;
    expect(markVariables(js)).toContain(`const f = () => {const total$at0 = total; ${line()} total += show(); };`);
  });

  it('are left out of helpers and of variables that nobody shares', () => {
    const js = `const f = () => { ${line('kernel/runtime/x.ts')} total; }; let total; const g = (a) => { ${line()} const b = a; return b; };`;
    expect(markVariables(js)).toBe(js);
  });
});

describe('pointers to variables', () => {
  const JSVAL = 'typedef struct jsval { f64 val; i32 type; } jsval;\n';
  const ofFunction = (...lines: string[]): string =>
    showVariables(
      `${JSVAL}static jsval disk_242 = {0.0, 0};\nstatic jsval calls = {0.0, 0};\njsval p1_f(u32 _23env) {\n${lines.join('\n')}\n}\n`,
    );

  it('lead to the slot of a closure', () => {
    const c = ofFunction(
      '  jsval count_24at0_230 = JV_UNDEFINED;',
      '\tcount_24at0_230 = porf_box(*(f64*)(MEM + porf_offset(_2361.val) + 8u), *(u8*)(MEM + porf_offset(_2361.val) + 16u));',
    );
    expect(c).toContain(
      '{\n  hedyn_shared count = 0;\n\tcount = (hedyn_shared)(MEM + porf_offset(_2361.val) + 8u);\n}',
    );
  });

  it('take the name of the copy in the function that declares the variable', () => {
    const c = ofFunction(
      '  jsval count = JV_UNDEFINED;',
      '  jsval count_24at0 = JV_UNDEFINED;',
      '\tcount = start; printf("count");',
      '\tcount_24at0 = porf_box(*(f64*)(MEM + porf_offset(_23closure_env_local.val) + 8u), 1);',
    );
    expect(c).toContain(
      '  jsval count_24at1 = JV_UNDEFINED;\n  hedyn_shared count = 0;\n\tcount_24at1 = start; printf("count");\n',
    );
  });

  it('lead to a variable of the module, under its own name', () => {
    const marked = ofFunction('  jsval disk_242_24at0 = JV_UNDEFINED;', '\tdisk_242_24at0 = disk_242;');
    expect(marked).toContain('hedyn_variable disk = &disk_242;\n}');
    const named = ofFunction(
      '  jsval calls_24at0 = JV_UNDEFINED;',
      '\tcalls_24at0 = calls;',
      '\tcalls = porf_add(calls, x);',
    );
    expect(named).toContain('hedyn_variable calls = &hedyn_at_calls;\n\t(*calls) = porf_add((*calls), x);\n}');
  });

  it('are left out for an ordinary variable', () => {
    expect(ofFunction('  jsval b = JV_UNDEFINED;', '  jsval b_24at0 = JV_UNDEFINED;', '\tb_24at0 = b;')).toContain(
      '{\n  jsval b = JV_UNDEFINED;\n}',
    );
  });
});
