// Which files were saved: the folders of the program's files are watched, so that a new file and one that an editor puts in the place of the old are seen as well.

import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import path from 'node:path';

/** What a program can be made from. Editors write other files beside these, which mean nothing. */
const SOURCE = /\.(?:[cm]?[jt]s|json|zig|ld)$/;

/** Files that are saved together are one change: it is over when nothing more has come for so long. */
const QUIET_MS = 15;

/** The saves in the folders that are followed. */
export interface Saves {
  /** Follows the folders of `files`, too; of one that is not there, the nearest folder above it. Returns whether one of them was not followed before. */
  follow(files: readonly string[]): boolean;
  /** Forgets what was saved up to now. */
  forget(): void;
  /** Tells whether something was saved since it was last forgotten. */
  any(): boolean;
  /** Settles when something was saved since it was last forgotten and nothing more comes. */
  next(): Promise<void>;
}

/** Returns a watcher that follows nothing yet. */
export const createSaves = (): Saves => {
  const watchers = new Map<string, FSWatcher>();
  let isSaved = false;
  let quiet: NodeJS.Timeout | undefined;
  let settle = (): void => {};

  const note = (): void => {
    isSaved = true;
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      quiet = undefined;
      settle();
    }, QUIET_MS);
  };
  const unfollow = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const followFolder = (folder: string): boolean => {
    if (watchers.has(folder)) return false;
    const watcher = watch(folder, (_, name) => {
      if (!existsSync(folder)) unfollow(folder);
      const file = path.join(folder, name ?? '');
      const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
      if (isFolder && file !== folder) followFolder(file); // The file that the program lacks may come to lie there.
      if (isFolder || SOURCE.test(file)) note();
    });
    watcher.on('error', () => unfollow(folder)); // The folder is gone; the next build looks for what has come in its place.
    watchers.set(folder, watcher);
    return true;
  };

  return {
    follow: (files) => [...new Set(files.map(nearestFolder))].map(followFolder).includes(true),
    forget() {
      isSaved = false;
    },
    any: () => isSaved,
    async next() {
      if (isSaved && quiet === undefined) return;
      await new Promise<void>((resolve) => {
        settle = resolve;
      });
    },
  };
};

const nearestFolder = (file: string): string => {
  const folder = path.dirname(file);
  return existsSync(folder) || folder === path.dirname(folder) ? folder : nearestFolder(folder);
};
