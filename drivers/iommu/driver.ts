// A virtio IOMMU: it translates the addresses by which other devices reach memory. VIRTIO 1.2 §5.13.
//
// QEMU: -device virtio-iommu-pci, on q35, before the devices that are to be behind it; those have iommu_platform=on,disable-legacy=on
//
//   attach, map, … ─▶ one after another ─▶ request queue ─▶ device ─▶ status        a device's access that is refused ─▶ event queue ─▶ onFault, log
//
// What was attached and mapped is kept (domains.ts). After a reset the device is told of it again before anything else.

import { hex } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { IommuDevice, IommuDomain, IommuFault, IommuMapping, ReservedRegion } from '../../kernel/device/iommu.ts';
import { armBuffers, kickBuffers, NO_BUFFER, nextCare, wakeBuffers } from '../virtio/buffers.ts';
import {
  armExchange,
  call,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
} from '../virtio/exchange.ts';
import { hasFeature } from '../virtio/features.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtBroken,
  lookAtConfiguration,
  refuseEnded,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import { contains, type DomainState, domainOf, overlaps, removeEndpoint } from './domains.ts';
import { describeIommuFault, errorOfStatus } from './errors.ts';
import {
  beginIommu,
  EVENT_SHORT,
  IommuFlow,
  setUpIommu,
  setUpIommuAgain,
  spinIommu,
  startFaults,
  takeFault,
} from './flow.ts';
import {
  EVENT_EXECUTE,
  EVENT_HAS_ADDRESS,
  EVENT_READ,
  EVENT_WRITE,
  FEATURE_BYPASS,
  FEATURE_BYPASS_CONFIG,
  FEATURE_MMIO,
  FEATURE_PROBE,
  QUEUE_COUNT,
  REASON_DOMAIN,
  REASON_MAPPING,
  STATUS_OK,
  TAIL_SIZE,
  TAIL_STATUS,
} from './registers.ts';
import { attachRequest, detachRequest, mapRequest, probeRequest, reservedRegions, unmapRequest } from './requests.ts';

/** Faults that are logged: a device that has gone mad has a million of them. */
const LOGGED_COUNT_MAX = 16;

interface Iommu {
  readonly live: Live;
  readonly flow: IommuFlow;
  readonly requests: Exchange;
  readonly domains: DomainState[];
  listeners: readonly ((fault: IommuFault) => void)[];
  faultCount: number;
  /** Settles when all that was asked for up to now is done: one thing at a time is. */
  last: Promise<unknown>;
  /** The device was reset, and does not know the domains. */
  hasForgotten: boolean;
}

const FLOWS = recordsOf(
  () => new IommuFlow(),
  (flow) => renew(flow),
);

/** Brings an IOMMU up. `isBypass`: devices that are attached to no domain reach all memory; else nothing. Throws a DeviceFailure: `unsupported` where it cannot let them pass. */
export const startIommu = (live: Live, isBypass: boolean): IommuDevice => {
  const flow = recordFor(live, FLOWS);
  const iommu: Iommu = {
    live,
    flow,
    requests: newExchange(live, flow.requests),
    domains: [],
    listeners: [],
    faultCount: 0,
    last: Promise.resolve(),
    hasForgotten: false,
  };
  startLive(live, driverOf(iommu, isBypass));
  refuseEnded(iommu.live);
  if (isBypass && !accepts(iommu, FEATURE_BYPASS) && !accepts(iommu, FEATURE_BYPASS_CONFIG)) {
    closeLive(live);
    throw new DeviceFailure('unsupported', 'the device lets none pass: it offers neither BYPASS_CONFIG nor BYPASS');
  }
  return deviceOf(iommu);
};

const accepts = ({ live }: Iommu, feature: number): boolean => hasFeature(live.transport.accepted, feature);

const driverOf = (iommu: Iommu, isBypass: boolean): Driver => {
  const { live, flow, requests } = iommu;
  const { transport, pool } = live;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginIommu(transport, flow, isBypass),
    setUp: () => setUpIommu(transport, pool, flow, isBypass, live.deadlineMs),
    setUpAgain: () => setUpIommuAgain(transport, flow, isBypass),
    started: () => started(iommu),
    describeFault: () => describeIommuFault(transport),
    configurationChanged: () => {}, // Of what it says, only `bypass` changes, and that is ours.
    lost(error) {
      iommu.hasForgotten = true;
      loseCalls(requests, error);
    },
    ended(error, refusal) {
      endCalls(requests, error, refusal);
      iommu.listeners = [];
    },
    poll() {
      const causes = causesOf(live);
      const hasFaults = takeFaults(iommu);
      const hasAnswers = pollExchange(requests);
      lookAtConfiguration(live, causes);
      return hasFaults || hasAnswers;
    },
    spin: (deadline) => requests.waiting.length > 0 || spinIommu(flow, deadline),
    arm: () => armLive(live, armBuffers(flow.events) && armExchange(requests), callCount(requests) > 0),
    get pendingCount() {
      return callCount(requests);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(flow.requests));
    },
  };
};

const deviceOf = (iommu: Iommu): IommuDevice => {
  const { live, flow } = iommu;
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    pageLength: flow.pageLength,
    inputStart: flow.inputStart,
    inputEnd: flow.inputEnd,
    probe: (endpoint) => inTurn(iommu, () => probe(iommu, endpoint)),
    newDomain: ({ isBypass = false } = {}) => newDomain(iommu, isBypass),
    onFault: (listener) => addListener(whyEnded(live), iommu, 'listeners', listener),
    close: async () => closeLive(live),
  };
};

const started = (iommu: Iommu): void => {
  startFaults(iommu.flow);
  if (!iommu.hasForgotten) return;
  inTurn(iommu, () => Promise.resolve()).catch((error: unknown) => {
    log('error', iommu.live.name, `its domains are not what they were: ${String(error)}`);
  });
};

// Faults.

/** Takes the events that are there, at most as many as there were buffers. Returns whether there was one. */
const takeFaults = (iommu: Iommu): boolean => {
  const { live, flow } = iommu;
  wakeBuffers(flow.events);
  let index: number = takeFault(flow);
  const hasTaken = index >= 0;
  while (index >= 0) {
    noteFault(iommu);
    if (live.state !== 'live') return true; // Whoever listens has closed it.
    index = takeFault(flow);
  }
  if (index === NO_BUFFER) kickBuffers(flow.events);
  else if (index === EVENT_SHORT) {
    giveUpLive(live, wrong(`the device reported a fault of ${flow.events.writtenLength} bytes`));
  } else lookAtBroken(live, flow.events.queue);
  return hasTaken;
};

const noteFault = (iommu: Iommu): void => {
  const { live, flow } = iommu;
  const flags: number = flow.flags;
  const fault: IommuFault = {
    reason: reasonOf(flow.reason),
    isRead: (flags & EVENT_READ) !== 0,
    isWrite: (flags & EVENT_WRITE) !== 0,
    isExecute: (flags & EVENT_EXECUTE) !== 0,
    endpoint: flow.endpoint,
    address: (flags & EVENT_HAS_ADDRESS) === 0 ? undefined : flow.address,
  };
  iommu.faultCount += 1;
  if (iommu.faultCount <= LOGGED_COUNT_MAX) log('warn', live.name, describeRefusal(fault));
  if (iommu.faultCount === LOGGED_COUNT_MAX) log('warn', live.name, 'further faults are not logged');
  for (const listener of iommu.listeners) listener(fault);
};

const reasonOf = (reason: number): IommuFault['reason'] => {
  if (reason === REASON_DOMAIN) return 'domain';
  return reason === REASON_MAPPING ? 'mapping' : 'unknown';
};

const describeRefusal = ({ reason, isRead, isWrite, endpoint, address }: IommuFault): string => {
  const what = isWrite ? 'a write' : isRead ? 'a read' : 'an access';
  const where = address === undefined ? '' : ` at 0x${hex(address, 1)}`;
  const why = reason === 'domain' ? 'it is in no domain' : reason === 'mapping' ? 'nothing is mapped there' : 'unknown';
  return `endpoint 0x${hex(endpoint, 1)} was refused ${what}${where}: ${why}`;
};

// Requests.

/** Does what is asked for when all before is done, and the device knows the domains. */
const inTurn = <Done>(iommu: Iommu, action: () => Promise<Done>): Promise<Done> => {
  const done = afterAll(iommu, iommu.last, action);
  iommu.last = done.catch(() => undefined); // Whoever asked hears of it.
  return done;
};

const afterAll = async <Done>(iommu: Iommu, before: Promise<unknown>, action: () => Promise<Done>): Promise<Done> => {
  await before;
  refuseEnded(iommu.live);
  if (iommu.hasForgotten) await remind(iommu);
  return action();
};

/** Tells the device of all domains, which it has forgotten. */
const remind = async (iommu: Iommu): Promise<void> => {
  iommu.hasForgotten = false; // A reset meanwhile says so again.
  try {
    for (const domain of iommu.domains) await tell(iommu, domain);
  } catch (error) {
    iommu.hasForgotten = true;
    throw error;
  }
};

const tell = async (iommu: Iommu, domain: DomainState): Promise<void> => {
  for (const endpoint of domain.endpoints) {
    await send(iommu, 'attach', attachRequest(domain.id, endpoint, domain.isBypass));
  }
  if (domain.endpoints.length > 0) await sendMappings(iommu, domain);
};

const sendMappings = async (iommu: Iommu, { id, mappings }: DomainState): Promise<void> => {
  for (const mapping of mappings) await send(iommu, 'map', mapRequest(id, mapping));
};

/** Sends a request that has no answer but its status. */
const send = async (iommu: Iommu, what: string, request: Uint8Array): Promise<void> => {
  await ask(iommu, what, request, new Uint8Array(TAIL_SIZE));
};

/** Sends a request; the last TAIL_SIZE bytes of `answer` are its status. Rejects when that is no success. */
const ask = async (iommu: Iommu, what: string, request: Uint8Array, answer: Uint8Array): Promise<void> => {
  const written = await call(iommu.requests, request, answer);
  if (written < answer.length) throw giveUp(iommu, `the device answered ${what} with ${written} bytes`);
  const status = answer[answer.length - TAIL_SIZE + TAIL_STATUS]!;
  if (status === STATUS_OK) return;
  const error = errorOfStatus(status, what);
  throw error === undefined ? giveUp(iommu, `the device answered ${what} with status ${status}`) : failureOf(error);
};

const giveUp = (iommu: Iommu, message: string): DeviceFailure => {
  giveUpLive(iommu.live, wrong(message));
  return new DeviceFailure('wrong-answer', message);
};

const wrong = (message: string): DeviceError => ({ kind: 'wrong-answer', message });

const probe = async (iommu: Iommu, endpoint: number): Promise<ReservedRegion[]> => {
  checkEndpoint(endpoint);
  if (!accepts(iommu, FEATURE_PROBE)) return [];
  const answer = new Uint8Array(iommu.flow.probeLength + TAIL_SIZE);
  await ask(iommu, 'probe', probeRequest(endpoint), answer);
  const regions = reservedRegions(answer.subarray(0, iommu.flow.probeLength));
  if (regions === undefined) throw giveUp(iommu, `the properties of endpoint 0x${hex(endpoint, 1)} do not hold`);
  return regions;
};

// Domains.

const newDomain = (iommu: Iommu, isBypass: boolean): IommuDomain => {
  refuseEnded(iommu.live);
  if (isBypass && !accepts(iommu, FEATURE_BYPASS_CONFIG)) {
    throw new DeviceFailure('unsupported', 'the device does not offer BYPASS_CONFIG');
  }
  const id: number = iommu.flow.domainStart + iommu.domains.length;
  if (id > iommu.flow.domainEnd) throw new DeviceFailure('out-of-range', `the device has no domain ${id}`);
  const domain: DomainState = { id, isBypass, endpoints: [], mappings: [] };
  iommu.domains.push(domain);
  return {
    id,
    attach: (endpoint) => inTurn(iommu, () => attach(iommu, domain, endpoint)),
    detach: (endpoint) => inTurn(iommu, () => detach(iommu, domain, endpoint)),
    map: (mapping) => inTurn(iommu, () => map(iommu, domain, { ...mapping })),
    unmap: (address, length) => inTurn(iommu, () => unmap(iommu, domain, address, length)),
  };
};

const attach = async (iommu: Iommu, domain: DomainState, endpoint: number): Promise<void> => {
  checkEndpoint(endpoint);
  if (domain.endpoints.includes(endpoint)) return;
  await send(iommu, 'attach', attachRequest(domain.id, endpoint, domain.isBypass));
  const isFirst = domain.endpoints.length === 0;
  removeEndpoint(iommu.domains, endpoint); // The device has taken it out of where it was.
  domain.endpoints.push(endpoint);
  if (!isFirst) return;
  try {
    await sendMappings(iommu, domain);
  } catch (error) {
    if (!iommu.hasForgotten && iommu.live.state === 'live') await detach(iommu, domain, endpoint);
    removeEndpoint(iommu.domains, endpoint);
    throw error;
  }
};

const detach = async (iommu: Iommu, domain: DomainState, endpoint: number): Promise<void> => {
  checkEndpoint(endpoint);
  if (domainOf(iommu.domains, endpoint) !== domain) {
    throw new DeviceFailure('invalid-argument', `endpoint 0x${hex(endpoint, 1)} is not in domain ${domain.id}`);
  }
  await send(iommu, 'detach', detachRequest(domain.id, endpoint));
  removeEndpoint(iommu.domains, endpoint);
};

const map = async (iommu: Iommu, domain: DomainState, mapping: IommuMapping): Promise<void> => {
  checkMapping(iommu, domain, mapping);
  if (domain.endpoints.length > 0) await send(iommu, 'map', mapRequest(domain.id, mapping));
  domain.mappings.push(mapping);
};

const unmap = async (iommu: Iommu, domain: DomainState, address: number, length: number): Promise<void> => {
  checkSpan(iommu, address, length);
  const range = { address, length };
  const touched = domain.mappings.filter((each) => overlaps(each, range));
  if (touched.some((each) => !contains(range, each))) {
    throw new DeviceFailure('out-of-range', `a mapping lies in ${spanText(address, length)} only in part`);
  }
  if (touched.length === 0) return;
  if (domain.endpoints.length > 0) await send(iommu, 'unmap', unmapRequest(domain.id, address, length));
  domain.mappings = domain.mappings.filter((each) => !contains(range, each));
};

const checkEndpoint = (endpoint: number): void => {
  if (Number.isInteger(endpoint) && endpoint >= 0 && endpoint < 2 ** 32) return;
  throw new DeviceFailure('invalid-argument', `endpoint ${endpoint}, expected a whole number of 32 bits`);
};

const checkMapping = (iommu: Iommu, domain: DomainState, mapping: IommuMapping): void => {
  const { address, memory, length, mayRead = true, mayWrite = true, isMmio = false } = mapping;
  if (domain.isBypass)
    throw new DeviceFailure('invalid-argument', `domain ${domain.id} has no mappings: it is passed by`);
  if (!mayRead && !mayWrite) throw new DeviceFailure('invalid-argument', 'a mapping allows reads, writes or both');
  if (isMmio && !accepts(iommu, FEATURE_MMIO)) {
    throw new DeviceFailure('unsupported', 'the device does not offer MMIO');
  }
  checkSpan(iommu, address, length);
  checkPages(iommu, memory, length);
  const other = domain.mappings.find((each) => overlaps(each, mapping));
  if (other === undefined) return;
  const both = `${spanText(address, length)} and ${spanText(other.address, other.length)}`;
  throw new DeviceFailure('out-of-range', `two mappings overlap: ${both}`);
};

const checkSpan = (iommu: Iommu, address: number, length: number): void => {
  checkPages(iommu, address, length);
  const inputStart: number = iommu.flow.inputStart;
  const inputEnd: number = iommu.flow.inputEnd;
  if (address >= inputStart && address + length - 1 <= inputEnd) return;
  const limits = `0x${hex(inputStart, 1)} to 0x${hex(inputEnd, 1)}`;
  throw new DeviceFailure(
    'out-of-range',
    `${spanText(address, length)} is not in ${limits}, which is what it translates`,
  );
};

const checkPages = (iommu: Iommu, address: number, length: number): void => {
  const isPlace = Number.isSafeInteger(address) && address >= 0;
  if (!isPlace || !Number.isSafeInteger(length) || length <= 0 || !Number.isSafeInteger(address + length)) {
    throw new DeviceFailure('invalid-argument', `address ${address}, length ${length}: expected whole numbers`);
  }
  const pageLength: number = iommu.flow.pageLength;
  if (isMultiple(address, pageLength) && isMultiple(length, pageLength)) return;
  throw new DeviceFailure('misaligned', `${spanText(address, length)} is not made of pages of ${pageLength} bytes`);
};

const isMultiple = (value: number, unit: number): boolean => Math.floor(value / unit) * unit === value;

const spanText = (address: number, length: number): string =>
  `0x${hex(address, 1)} to 0x${hex(address + length - 1, 1)}`;
