'use machine';
// What a console says of itself: how many ports it may have, and how large its screen is. VIRTIO 1.2 §5.3.4, §5.3.5.

import type { bool, u8, u16, u32 } from '../../kernel/base/machine.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig16,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CONFIG_COLUMNS,
  CONFIG_LENGTH_MULTIPORT,
  CONFIG_LENGTH_SIZE,
  CONFIG_PORT_COUNT_MAX,
  CONFIG_ROWS,
  FEATURE_EMERGENCY_WRITE,
  FEATURE_MULTIPORT,
  FEATURE_SIZE,
} from './registers.ts';

/** Ports that are used of one device: as many as QEMU gives it where nothing else is asked for. */
export const PORT_COUNT_MAX: u16 = 31;

/** max_nr_ports is `found`: the device may have no port. */
export const FAULT_NO_PORTS: u8 = FAULT_OF_DRIVER;

/** What the configuration says. */
export class ConsoleFacts {
  wanted = new Features();
  isMultiport: bool = false;
  hasSize: bool = false;
  columns: u16 = 0;
  rows: u16 = 0;
  /** Ports 0 to portCount - 1 may be there. */
  portCount: u16 = 0;
}

/** Steps 1 to 6 of initialize.ts. False after a failure: the device was given up. */
export const beginConsole = (transport: Transport, facts: ConsoleFacts): bool => {
  addFeature(facts.wanted, FEATURE_SIZE);
  addFeature(facts.wanted, FEATURE_MULTIPORT);
  addFeature(facts.wanted, FEATURE_EMERGENCY_WRITE);
  addQueueFeatures(facts.wanted);
  return begin(transport, facts.wanted);
};

/** Reads how many ports there may be, and the size. False: the transport's fault says why. */
export const readFacts = (transport: Transport, facts: ConsoleFacts): bool => {
  facts.isMultiport = hasFeature(transport.accepted, FEATURE_MULTIPORT);
  facts.hasSize = hasFeature(transport.accepted, FEATURE_SIZE);
  facts.portCount = 1;
  if (facts.isMultiport) {
    if (!requireConfig(transport, CONFIG_LENGTH_MULTIPORT)) return false;
    const count: u32 = readConfig32(transport, CONFIG_PORT_COUNT_MAX);
    if (count === 0) return setFault(transport.fault, FAULT_NO_PORTS, 0, count, 0);
    facts.portCount = Math.min(count, PORT_COUNT_MAX) as u16;
  }
  return readSize(transport, facts);
};

/** Reads the size again. False: the transport's fault says why. */
export const readSize = (transport: Transport, facts: ConsoleFacts): bool => {
  if (!facts.hasSize) return true;
  if (!requireConfig(transport, CONFIG_LENGTH_SIZE)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    facts.columns = readConfig16(transport, CONFIG_COLUMNS);
    facts.rows = readConfig16(transport, CONFIG_ROWS);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};
