import { describe, expect, it } from 'vitest';
import { findingsIn, type SupportTables } from '../../../scripts/support/check.ts';
import { supportPage } from '../../../scripts/support/page.ts';
import type { Requirement } from '../../../scripts/support/requirement.ts';
import { exportsOf, numbersOf, testsOf } from '../../../scripts/support/sources.ts';

const FILES: Readonly<Record<string, string>> = {
  'drivers/queue.ts':
    "export const kick = (): void => {};\nconst hidden = 1; // export const pop\n'export const pop';\n",
  'test/queue.test.ts': `
    describe('a queue', () => { it('is kicked', () => {}); it('is twice here', () => {}); });
    describe('another', () => { it('is twice here', () => {}); it.skip('is left out', () => {}); });
    // it('is a comment', () => {});
  `,
  'drivers/virtio/features.ts':
    'export const FEATURE_EVENT_IDX = 29;\nexport const FEATURE_FLUSH = 9;\nexport const FEATURE_WORD_BITS = 32;\n',
};

const code = [{ file: 'drivers/queue.ts', name: 'kick' }];
const test = (name: string) => [{ file: 'test/queue.test.ts', name }];

const ROW: Requirement = { id: '2.7-1', strength: 'MUST', wording: 'Kicks', code, tests: test('is kicked') };
const TABLES: SupportTables = {
  chapters: [{ title: '2', rows: [ROW] }],
  counts: { '2.7': { MUST: 1 } },
  features: [{ bit: 29, name: 'EVENT_IDX', use: 'less noise', usedBy: 'all', open: 'not used' }],
  combinations: [{ name: 'PCI', qemu: 'virtio-blk-pci', code, tests: test('is kicked') }],
  weaknesses: [{ id: 'W1', wording: 'never kicks', notApplicable: 'nothing to kick' }],
};

const findings = (tables: Partial<SupportTables>): string[] =>
  findingsIn({ ...TABLES, ...tables }, (file) => FILES[file]);

/** What is found when the only row is this one. */
const findingsOfRow = (row: object): string[] =>
  findings({ chapters: [{ title: '2', rows: [{ ...ROW, ...row } as Requirement] }] });

describe('the check of the support page', () => {
  it('finds nothing wrong with a good one', () => expect(findings({})).toEqual([]));

  it('finds code in a file that is not there', () =>
    expect(findingsOfRow({ code: [{ file: 'drivers/gone.ts', name: 'kick' }] })).toEqual([
      '2.7-1: drivers/gone.ts does not exist',
    ]));

  it.each(['hidden', 'pop'])('finds a name that its file does not export: %s', (name) =>
    expect(findingsOfRow({ code: [{ file: 'drivers/queue.ts', name }] })).toEqual([
      `2.7-1: drivers/queue.ts exports no ${name}`,
    ]),
  );

  it('finds a test in a file that is not there', () =>
    expect(findingsOfRow({ tests: [{ file: 'test/gone.test.ts', name: 'is kicked' }] })).toEqual([
      '2.7-1: test/gone.test.ts does not exist',
    ]));

  it.each(['is renamed', 'is a comment', 'another > is kicked'])(
    'finds a test that its file does not have: %s',
    (name) => expect(findingsOfRow({ tests: test(name) })).toEqual([`2.7-1: test/queue.test.ts has no test '${name}'`]),
  );

  it('finds a test that never runs', () =>
    expect(findingsOfRow({ tests: test('is left out') })).toEqual([
      "2.7-1: test/queue.test.ts: the test 'is left out' is skipped",
    ]));

  it('finds a title that two tests have, unless the group is named', () => {
    expect(findingsOfRow({ tests: test('is twice here') })[0]).toContain("has 2 tests 'is twice here'");
    expect(findingsOfRow({ tests: test('another > is twice here') })).toEqual([]);
  });

  it('finds a row without code or without a test', () => {
    expect(findingsOfRow({ code: [] })).toEqual(['2.7-1: no code is named']);
    expect(findingsOfRow({ tests: [] })).toEqual(['2.7-1: no test is named']);
  });

  it.each([{ open: ' ' }, { notApplicable: '' }])('finds a row without a reason: %o', (claim) =>
    expect(findingsOfRow(claim)[0]).toMatch(/^2\.7-1: .* no reason is given$/),
  );

  it('finds a row that was lost', () =>
    expect(findings({ chapters: [] })).toEqual(['2.7: 0 rows MUST, the specification has 1']));

  it('finds a row whose word was weakened', () =>
    expect(findingsOfRow({ strength: 'SHOULD' })).toEqual([
      '2.7: 0 rows MUST, the specification has 1',
      '2.7: 1 rows SHOULD, the specification has 0',
    ]));

  it('finds a row that the specification does not have', () =>
    expect(findings({ counts: {} })).toEqual(['2.7: 1 rows MUST, the specification has 0']));

  it('finds a number given twice, and one left out', () => {
    const twice = findings({ chapters: [{ title: '2', rows: [ROW, ROW] }], counts: { '2.7': { MUST: 2 } } });
    expect(twice).toEqual(['2.7-1: there are two rows of this name', '2.7-1: expected 2.7-2 here']);
    expect(findingsOfRow({ id: '2.7-2' })).toEqual(['2.7-2: expected 2.7-1 here']);
  });

  it('finds a feature bit without a row, and a row without its bit', () => {
    expect(findings({ features: [] })).toEqual(['feature bit 29 EVENT_IDX: it has no row']);
    const row = { bit: 30, name: 'EVENT_IDX', use: 'less noise', usedBy: 'all', open: 'not used' };
    expect(findings({ features: [row] })).toEqual([
      'feature bit 29 EVENT_IDX: it has no row',
      'feature bit 30 EVENT_IDX: drivers/virtio/features.ts has none',
    ]);
  });

  it.each([
    ['features', 'EVENT_IDX', { features: [{ bit: 29, name: 'EVENT_IDX', use: '', usedBy: '', code, tests: [] }] }],
    ['combinations', 'PCI', { combinations: [{ name: 'PCI', qemu: '', code, tests: [] }] }],
    ['weaknesses', 'W1', { weaknesses: [{ id: 'W1' as const, wording: '', code, tests: [] }] }],
  ])('looks at the table of %s too', (_table, name, tables) =>
    expect(findings(tables)).toEqual([`${name}: no test is named`]),
  );
});

describe('the support page', () => {
  it('begins with how many rows are kept, do not apply and are open', () => {
    const rows: Requirement[] = [
      ROW,
      { id: '2.7-2', strength: 'MAY', wording: 'Waits', open: 'it does not' },
      { id: '2.7-3', strength: 'MAY', wording: 'Asks', notApplicable: 'nobody answers' },
      { id: '2.7-4', strength: 'MAY', wording: 'Says | so', notApplicable: 'nobody listens' },
    ];
    const page = supportPage({ ...TABLES, chapters: [{ title: 'queues', rows }] });
    expect(page).toContain('| queues | 1 | 2 | 1 | 4 |\n| all | 1 | 2 | 1 | 4 |');
    expect(page).toContain('| 2.7-2 | MAY | Waits | *open:* it does not |');
    expect(page).toContain('| 2.7-1 | MUST | Kicks | [queue.ts](../drivers/queue.ts) `kick` |');
    expect(page).toContain('Says \\| so');
  });
});

describe('a source', () => {
  it('exports constants, functions, classes with their members, types and lists of names', () => {
    const text =
      'export const one = 1, two = 2;\nexport function three() {}\nexport class Four { five = 5; six() {} }\n' +
      'export interface Seven {}\nconst eight = 8;\nconst nine = 9;\nexport { nine };\n';
    expect([...exportsOf(text)]).toEqual(['one', 'two', 'three', 'Four', 'Four.five', 'Four.six', 'Seven', 'nine']);
    expect([...numbersOf(text)]).toEqual([
      ['one', 1],
      ['two', 2],
      ['nine', 9],
    ]);
  });

  it('has tests of every form, with the titles of the groups around them', () => {
    const text =
      "describe.each([1])('group %i', () => { it.each([2])('each %i', f); describe.skip('inner', () => test('skipped', f)); });\n" +
      'for (const x of y) it(`of $' +
      "{x}`, f);\nit.skipIf(z)('perhaps', f);\nit.todo('later');\nit(title, f);\nsubmit('nothing');\n";
    expect(testsOf(text)).toEqual([
      { titles: ['group %i', 'each %i'], isSkipped: false },
      { titles: ['group %i', 'inner', 'skipped'], isSkipped: true },
      { titles: ['of $' + '{x}'], isSkipped: false },
      { titles: ['perhaps'], isSkipped: false },
      { titles: ['later'], isSkipped: true },
    ]);
  });
});
