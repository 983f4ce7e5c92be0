// How a session begins: the version that both speak, and the root of the share.

import { larger, smaller } from '../../kernel/base/bits.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { fulfil, reject } from '../../kernel/event/pending.ts';
import { giveUpLive } from '../virtio/live.ts';
import { type Context, type Mount, newSession, ROOT_FID } from './context.ts';
import { IO_HEADER_SIZE, MESSAGE_SIZE_MIN, QID_DIRECTORY } from './protocol.ts';
import { attach, version } from './requests.ts';

const VERSION = '9P2000.L';

/** Begins the session of a device that is live. Gives the device up where there can be none: `session.ready` rejects then. */
export const beginSession = (mount: Mount): void => {
  mount.session = newSession();
  const { session } = mount;
  const context: Context = { mount, session, what: 'attach', signal: undefined };
  const end = (error: unknown): void => {
    if (session !== mount.session || session.isReady) return; // Its device was reset or has ended, and says so itself.
    giveUpLive(mount.calls.live, { kind: 'device-failed', message: `there is no session: ${String(error)}` });
  };
  agree(context).then(() => {
    session.isReady = true;
    fulfil(session.ready, undefined);
  }, end);
};

const agree = async (context: Context): Promise<void> => {
  const { session, mount } = context;
  const dataLengthMax: number = mount.calls.device.dataLengthMax;
  const wanted: number = larger(dataLengthMax + IO_HEADER_SIZE, MESSAGE_SIZE_MIN);
  const agreed = await version(context, wanted, new TextEncoder().encode(VERSION));
  if (agreed.version !== VERSION) throw unsupported(`the server speaks ${agreed.version}, not ${VERSION}`);
  if (agreed.messageSize > wanted || agreed.messageSize < MESSAGE_SIZE_MIN) {
    throw unsupported(`the server wants messages of ${agreed.messageSize} bytes, not ${MESSAGE_SIZE_MIN} to ${wanted}`);
  }
  session.messageSizeBytes = agreed.messageSize;
  session.dataLengthMax = smaller(agreed.messageSize - IO_HEADER_SIZE, dataLengthMax);
  if (((await attach(context, ROOT_FID)) & QID_DIRECTORY) === 0) throw unsupported('the share is no directory');
};

const unsupported = (message: string): Error => failureOf({ kind: 'unsupported', message });

/** Ends the session with the device: whoever waits for it to begin gets `error`. */
export const endSession = (mount: Mount, error: DeviceError): void => {
  if (!mount.session.isReady) reject(mount.session.ready, failureOf(error));
};
