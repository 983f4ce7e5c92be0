// The tools that npm brought: where they are, and how they are run.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const require = createRequire(import.meta.url);

const TOOL_LIMIT_MS = 300_000; // musl itself is compiled once, in about a minute on two slow cores.

/** A tool ended with a failure. `output` is what it printed on both streams. */
export class ToolError extends Error {
  readonly output: string;
  constructor(tool: string, reason: string, output: string) {
    super(`${tool} ${reason}\n${output}`.trimEnd());
    this.output = output;
  }
}

/** Returns the path of the zig compiler inside its npm package. */
export const zigPath = (): string => {
  const platform = `${process.platform}-${process.arch}`;
  const root = path.dirname(require.resolve(`@zigc/${platform}/package.json`));
  return path.join(root, 'bin', process.platform === 'win32' ? 'zig.exe' : 'zig');
};

/** Returns the path of the Porffor compiler inside its npm package. */
export const porfPath = (): string => path.join(path.dirname(require.resolve('porffor/package.json')), 'porf');

/** How many tools run at this moment, and those that wait for one to end: more than there are processors would only take each other's memory. */
let runningCount = 0;
const waiting: (() => void)[] = [];

/** Runs `tool` to its end, when its turn comes. Returns what it printed; throws ToolError when it fails or takes longer than the limit. */
export const runTool = async (
  tool: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<string> => {
  if (runningCount === availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
  else runningCount += 1;
  try {
    return await runNow(tool, args, options);
  } finally {
    const next = waiting.shift();
    if (next === undefined) runningCount -= 1;
    else next();
  }
};

const runNow = (tool: string, args: readonly string[], options: { cwd?: string }): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(tool, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TOOL_LIMIT_MS });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => reject(new ToolError(path.basename(tool), `did not start: ${error.message}`, output)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new ToolError(path.basename(tool), signal ? `was stopped by ${signal}` : `failed (${code})`, output));
    });
  });
