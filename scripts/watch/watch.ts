// `make watch`: the program is built and booted again whenever a file of it is saved.
//
//   save ─▶ stop the machine ─▶ build ─┬─ errors: they stay on the screen ─┬─▶ wait for the next save
//                                      └─ image: the machine boots ────────┘
//
// One process does it all: what the front end knows of the files that did not change, it still knows at the next save.

import path from 'node:path';
import { type BuildOptions, buildImage, type Image, RefusedError } from '../build.ts';
import { paint } from '../paint.ts';
import { type Machine, type RunOptions, startImage } from '../qemu/run.ts';
import { startProgress } from './progress.ts';
import { createSaves } from './saves.ts';

/** What to watch, and how to boot it. */
export interface WatchOptions extends Pick<BuildOptions, 'entry' | 'release'> {
  readonly machine: Omit<RunOptions, 'image' | 'debugImage'>;
  /** Prints what went wrong. */
  readonly explain: (error: unknown) => void;
}

/** Watches until the process is ended. Nothing that goes wrong with the program, its build or its machine ends it. */
export const watchProgram = async (options: WatchOptions): Promise<never> => {
  const saves = createSaves();
  const machine = createMachine(options);
  saves.follow([options.entry]);
  for (let isFirst = true; ; isFirst = false) {
    saves.forget();
    const startedMs = performance.now();
    let built = await build(options, isFirst, machine.stop);
    // What was saved in a folder before it was followed is seen by looking again.
    while (saves.follow([...inputsOf(built), options.entry])) built = await build(options, false, machine.stop);
    if (!saves.any()) {
      if ('error' in built) options.explain(built.error);
      else await machine.boot(built, performance.now() - startedMs);
    }
    await saves.next();
  }
};

/** What came of a build. */
type Built = Image | { readonly error: unknown };

const inputsOf = (built: Built): readonly string[] => {
  if ('inputs' in built) return built.inputs;
  return built.error instanceof RefusedError ? built.error.inputs : [];
};

/** Builds; `onChange` is called when there is something to build. */
const build = async (
  { entry, release }: WatchOptions,
  isFirst: boolean,
  onChange: () => Promise<void>,
): Promise<Built> => {
  const progress = startProgress(process.stderr, isFirst);
  try {
    return await buildImage({
      entry,
      release,
      inParts: !release,
      onStage(stage) {
        if (stage === 'reading the program') void onChange();
        progress.stage(`${path.relative('', entry)}: ${stage}`);
      },
    });
  } catch (error) {
    return { error };
  } finally {
    progress.end();
  }
};

/** Holds the one machine. */
const createMachine = (
  options: WatchOptions,
): { boot(image: Image, buildMs: number): Promise<void>; stop(): Promise<void> } => {
  let current: Machine | undefined;
  let stopped: Promise<unknown> = Promise.resolve();
  return {
    /** Boots the image, if it is another than the one that runs, or ran to its end. */
    async boot(image, buildMs) {
      if (current !== undefined) return;
      await stopped; // Both write to the same disk.
      console.error(paint('dim', `── ${new Date().toTimeString().slice(0, 8)}, ${(buildMs / 1000).toFixed(1)} s ──`));
      try {
        const machine = await startImage({ ...options.machine, image: image.elf, debugImage: image.debugElf });
        current = machine;
        void machine.exit.then(({ status, reason }) => {
          if (current === machine)
            console.error(paint(status === 0 ? 'dim' : 'red', `── exit status ${status}: ${reason} ──`));
        });
      } catch (error) {
        options.explain(error);
      }
    },
    async stop() {
      const machine = current;
      current = undefined;
      if (machine !== undefined) stopped = machine.stop();
      await stopped;
    },
  };
};
