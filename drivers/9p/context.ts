// Who asks the server, and in which session: what holds between two resets of the device. With a session its fids end; one that is still used rejects.

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { pendingPromise } from '../../kernel/event/pending.ts';
import { refuseEnded, whyEnded } from '../virtio/live.ts';
import type { Calls } from './calls.ts';
import { NO_FID } from './protocol.ts';

/** The fid of the share's root. */
export const ROOT_FID = 0;

/** What holds between two resets. */
export interface Session {
  /** Is fulfilled when there may be requests, and rejects when there never will. */
  readonly ready: Promise<void>;
  isReady: boolean;
  /** The longest message, and the longest data of one. */
  messageSizeBytes: number;
  dataLengthMax: number;
  /** Fids that were used before and are free, and the next one. */
  readonly freeFids: number[];
  nextFid: number;
}

/** A share: its requests, and the session that counts. */
export interface Mount {
  readonly calls: Calls;
  session: Session;
}

/** One thing that is done. */
export interface Context {
  readonly mount: Mount;
  readonly session: Session;
  /** What it is, for the message of a refusal: `open '/name'`. */
  readonly what: string;
  readonly signal: AbortSignal | undefined;
}

/** Returns a session that has not begun. */
export const newSession = (): Session => {
  const ready = pendingPromise<void>();
  ready.catch(() => {}); // Whoever waits for it hears of it; nobody may.
  return { ready, isReady: false, messageSizeBytes: 0, dataLengthMax: 0, freeFids: [], nextFid: ROOT_FID + 1 };
};

/** Returns a context in the session that counts, once there may be requests. Rejects when there never will be any. */
export const begin = async (mount: Mount, what: string, signal?: AbortSignal): Promise<Context> => {
  const { session, calls } = mount;
  refuseEnded(calls.live);
  if (!session.isReady) await session.ready;
  return { mount, session, what, signal };
};

/** Returns why a context can do nothing more, undefined when it can. */
export const whyOver = ({ mount, session }: Context): DeviceError | undefined => {
  if (session === mount.session) return undefined;
  return (
    whyEnded(mount.calls.live) ?? {
      kind: 'device-reset',
      message: 'the device was reset since: the file is not open any more',
    }
  );
};

/** Takes a fid that is free. */
export const takeFid = (session: Session): number => {
  const used = session.freeFids.pop();
  if (used !== undefined) return used;
  if (session.nextFid === NO_FID) throw failureOf({ kind: 'no-memory', message: 'there are no fids left' });
  session.nextFid += 1;
  return session.nextFid - 1;
};

/** Gives back a fid that the server does not know any more. */
export const giveFid = (session: Session, fid: number): void => {
  session.freeFids.push(fid);
};
