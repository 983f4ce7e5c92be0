// Calls devices wrongly, by the tables that the simulated machine takes, too: what is refused there by a DeviceFailure must not stop the machine here, where the border between the
// planes checks every number.
//
//   misuse NAME: N wrong calls, M calls of a closed device
//
// A line in between for each call that became something else than the table says.

import { openBalloon } from '../../../drivers/open/balloon.ts';
import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openConsole } from '../../../drivers/open/console.ts';
import { openCrypto } from '../../../drivers/open/crypto.ts';
import { openEntropy } from '../../../drivers/open/entropy.ts';
import { openGpu } from '../../../drivers/open/gpu.ts';
import { openInput } from '../../../drivers/open/input.ts';
import { openNetwork } from '../../../drivers/open/network.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { openPmem } from '../../../drivers/open/pmem.ts';
import { openScsi } from '../../../drivers/open/scsi.ts';
import { openShare } from '../../../drivers/open/share.ts';
import { bytesOf } from '../../../kernel/device/block-bytes.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { GPU, INPUT } from '../../misuse/desktop.ts';
import { DISK, UNIT } from '../../misuse/disks.ts';
import { BALLOON, PMEM } from '../../misuse/memories.ts';
import { NETWORK } from '../../misuse/network.ts';
import { CRYPTO, ENTROPY } from '../../misuse/services.ts';
import { SHARE } from '../../misuse/share.ts';
import { CONSOLE } from '../../misuse/streams.ts';
import type { Table } from '../../misuse/table.ts';

const outcomeOf = async (call: () => unknown): Promise<string> => {
  try {
    const result = call();
    if (!(result instanceof Promise)) return 'returned';
    await result;
    return 'fulfilled';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

const expectOutcome = async (what: string, expected: string, call: () => unknown): Promise<void> => {
  const found = await outcomeOf(call);
  if (found !== expected) console.log(`${what}: ${found}, expected ${expected}`);
};

const misuse = async <Bag>({ name, close, calls, wrong }: Table<Bag>, bag: Bag): Promise<void> => {
  for (const { what, kind, call } of wrong) await expectOutcome(what, kind, () => call(bag));
  await close(bag);
  for (const each of calls) await expectOutcome(`${each.name} when it is closed`, each.closed, () => each.call(bag));
  console.log(`misuse ${name}: ${wrong.length} wrong calls, ${calls.length} calls of a closed device`);
};

const memory: number = dmaAllocate(devicePool(), 4096, 4096);

const disk = await openBlockDevice();
await misuse(DISK, { disk, bytes: bytesOf(disk), memory });

const bus = await openScsi();
const unit = bus.disks[0];
await misuse(UNIT, { bus, disk: unit, bytes: bytesOf(unit), memory });

await misuse(NETWORK, { net: await openNetwork(), memory });

const device = await openConsole();
await misuse(CONSOLE, { console: device, port: device.ports[0] });

await misuse(ENTROPY, { entropy: await openEntropy() });
await misuse(INPUT, { input: await openInput() });

const gpu = await openGpu();
const surface = await gpu.createSurface(64, 64);
const released = await gpu.createSurface(64, 64);
await released.release();
await misuse(GPU, { gpu, surface, released });

const share = await openShare();
const file = await share.open('file', 'r+');
const closed = await share.open('file', 'r+');
await closed.close();
await misuse(SHARE, { share, file, closed, memory });

const crypto = await openCrypto();
await misuse(CRYPTO, { crypto, aes: await crypto.aesCbc(new Uint8Array(16)) });

await misuse(BALLOON, { balloon: await openBalloon() });
await misuse(PMEM, { pmem: await openPmem() });
