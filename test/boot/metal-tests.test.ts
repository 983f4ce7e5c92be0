// `hedyn test` as its user sees it: what Vitest reports of the files in test/boot/metal.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

const LIMIT_MS = 300_000;

interface Found {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly Found[];
  }[];
}

interface Finished {
  readonly status: number | null;
  readonly output: string;
}

const hedynTest = (...words: readonly string[]): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/start.mjs', 'test', ...words], {
      env: { ...process.env, NODE_ENV: undefined, VITEST: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });

describe('hedyn test', () => {
  let finished: Finished;
  let report: Report;
  let found: readonly Found[];

  beforeAll(async () => {
    finished = await hedynTest('test/boot/metal/', '--memory', '64M', '--reporter=json', '--reporter=default');
    report = JSON.parse(/^\{"numTotalTestSuites".*$/m.exec(finished.output)?.[0] ?? '{}') as Report;
    found = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  }, LIMIT_MS);

  const withStatus = (status: string): string[] => found.filter((each) => each.status === status).map(nameOf);
  const nameOf = ({ fullName }: Found): string => fullName;
  const failureOf = (name: string): string =>
    found.find(({ fullName }) => fullName === name)?.failureMessages.join('\n') ?? `no test ${name}`;

  it('has the machine run what passes', () => {
    expect(withStatus('passed').sort(), finished.output).toEqual([
      'a machine that ends goes on',
      'a machine that ends has the next test find what beforeAll did',
      'an address has 2 digits',
      'an address has 4 digits',
      'an address is shown in hexadecimal',
      'rejects',
      'sums 1 is less than 2',
      'sums 3 is less than 4',
      'sums passes',
      'sums sees what its hooks have left',
      'waits on the machine',
    ]);
  });

  it('does not run what is not to be run', () => {
    expect(withStatus('skipped').sort()).toEqual(['skips itself', 'sums is skipped']);
    expect(withStatus('todo')).toEqual(['sums is to be written']);
  });

  it('shows in what two values differ, and where', () => {
    expect(failureOf('sums differs')).toMatch(
      /AssertionError: expected \{ list: \[ 1, 2 \], .* to deeply equal .*\n {4}at .*sums\.metal\.test\.ts:32:51/,
    );
    expect(finished.output).toContain('-     3,\n+     2,');
    expect(finished.output).toMatch(/sums\.metal\.test\.ts:32:51\n(.*\n)+ +\| +\^/);
  });

  it('shows an exception with its place', () => {
    expect(failureOf('throws')).toMatch(
      /TypeError: Cannot read properties of undefined \(reading 'length'\)\n {4}at .*sums\.metal\.test\.ts:\d+:\d+/,
    );
  });

  it('boots the machine again when a test has ended it', () => {
    expect(failureOf('a machine that ends fails the test that ended it')).toMatch(
      /the machine ended with status 33: assertion failed\nPANIC [\s\S]*two is more than one[\s\S]*ends\.metal\.test\.ts:11:5/,
    );
  });

  it('ends a test that takes too long', () => {
    expect(failureOf('a machine that ends is ended when it takes too long')).toContain('Test timed out in 500ms');
  });

  it('shows what the build refuses as the failure of its file', () => {
    const refused = report.testResults.find(({ name }) => name.endsWith('refused.metal.test.ts'));
    expect(refused?.message).toContain('a BigInt: the compiler below keeps only 53 bits of it');
    expect(finished.output).toContain('refused.metal.test.ts:4:10');
  });

  it('shows what a test prints, and says that not all passed', () => {
    expect(finished.output).toMatch(/sums > passes\nsaid on the machine/);
    expect(finished.status).toBe(1);
  });

  it('has run the example of docs/testing.md', () => {
    expect(readFileSync('docs/testing.md', 'utf8')).toContain(
      `\`\`\`ts\n${readFileSync('test/boot/metal/address.metal.test.ts', 'utf8')}\`\`\``,
    );
  });

  it('runs the tests of one name, from the image that it has', { timeout: LIMIT_MS }, async () => {
    const again = await hedynTest('sums.metal', 'ends.metal', 'address.metal', '-t', 'is less than', '--memory', '64M');
    expect(again.output).toMatch(/Tests +2 passed \| 16 skipped/);
    expect(again.status).toBe(0);
  });
});

it('hedyn test answers a slip of the finger in one line, before anything is built', async () => {
  const { output, status } = await hedynTest('--foo');
  expect(output).toMatch(/^hedyn test has no option --foo: .*\n$/);
  expect(status).toBe(62);
});
