// What an IOMMU is to those who use one: which device reaches which memory, and by which addresses. Types only: a driver implements it.

/** Addresses from `start` to `end` inclusive that no mapping may cover. */
export interface ReservedRegion {
  readonly start: number;
  readonly end: number;
  /** `msi`: messages of interrupts go there, and are passed on without a mapping. `reserved`: an access fails, or goes past the IOMMU. */
  readonly kind: 'reserved' | 'msi';
}

/** An access that a device tried and was refused. */
export interface IommuFault {
  /** `domain`: the device is attached to none. `mapping`: nothing is mapped there, or not for this access. */
  readonly reason: 'unknown' | 'domain' | 'mapping';
  /** What it tried; none of them where the IOMMU does not say. */
  readonly isRead: boolean;
  readonly isWrite: boolean;
  readonly isExecute: boolean;
  readonly endpoint: number;
  /** Where; undefined where the IOMMU does not say. */
  readonly address: number | undefined;
}

/** One mapping: the device's addresses from `address` on are memory from `memory` on. Whole pages of `pageLength`. */
export interface IommuMapping {
  readonly address: number;
  readonly memory: number;
  readonly length: number;
  /** Default: true. */
  readonly mayRead?: boolean;
  readonly mayWrite?: boolean;
  /** Registers or the place of messages, not memory. Default: false. */
  readonly isMmio?: boolean;
}

/** An address space: the devices that are attached to it have the same mappings. It is there from when it is made, and with the IOMMU again after its reset. */
export interface IommuDomain {
  readonly id: number;

  /** Attaches a device, which leaves the domain where it was. It has the domain's mappings when the promise is fulfilled. */
  attach(endpoint: number): Promise<void>;

  /** Detaches a device of this domain: it reaches nothing any more, or all memory where the IOMMU lets devices without a domain pass. */
  detach(endpoint: number): Promise<void>;

  /** Adds a mapping. `out-of-range` where it lies beyond `inputStart` and `inputEnd`, or overlaps another one. */
  map(mapping: IommuMapping): Promise<void>;

  /** Removes the mappings that lie in the range. None may lie in it in part: `out-of-range`. */
  unmap(address: number, length: number): Promise<void>;
}

/** A device that translates the addresses of others. Its promises reject with a DeviceFailure (failure.ts). Devices are named by the number of their endpoint. */
export interface IommuDevice {
  /** Where it is and what it is: `0000:00:01.0 virtio-iommu`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** Bytes of the smallest page: mappings begin and end at multiples of it. */
  readonly pageLength: number;
  /** The addresses that it translates, both inclusive. */
  readonly inputStart: number;
  readonly inputEnd: number;

  /** Returns what it says of a device: the regions that no mapping may cover. None where it does not say. `out-of-range`: it does not know the device. */
  probe(endpoint: number): Promise<ReservedRegion[]>;

  /** Makes a domain. `isBypass`: its devices reach all memory by its own addresses, and it has no mappings; `unsupported` where the IOMMU cannot. */
  newDomain(options?: { readonly isBypass?: boolean }): IommuDomain;

  /** Calls `listener` for each access that is refused. Returns the function that ends it. Whoever listens keeps no program alive. */
  onFault(listener: (fault: IommuFault) => void): () => void;

  /** Is fulfilled when the device was reset: nothing is attached any more. What it still has rejects, and so does what is asked for afterwards: `closed`. */
  close(): Promise<void>;
}
