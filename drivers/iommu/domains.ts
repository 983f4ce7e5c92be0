// The domains of an IOMMU: what we had the device note, kept here, so that it can be told again after a reset.
//
// A domain is there for the device from the first endpoint that is attached to it until the last one is detached (§5.13.6.4): its mappings are sent when the first comes.

import type { IommuMapping } from '../../kernel/device/iommu.ts';

/** One domain. */
export interface DomainState {
  readonly id: number;
  readonly isBypass: boolean;
  /** Attached to it, as far as the device has said yes. */
  endpoints: number[];
  /** Disjoint. */
  mappings: IommuMapping[];
}

/** Returns the domain to which an endpoint is attached, undefined for none. */
export const domainOf = (domains: readonly DomainState[], endpoint: number): DomainState | undefined =>
  domains.find(({ endpoints }) => endpoints.includes(endpoint));

/** Takes an endpoint out of all domains. */
export const removeEndpoint = (domains: readonly DomainState[], endpoint: number): void => {
  for (const domain of domains) domain.endpoints = domain.endpoints.filter((each) => each !== endpoint);
};

/** Returns whether two pieces of `length` bytes have an address in common. */
export const overlaps = (left: Span, right: Span): boolean =>
  left.address < right.address + right.length && right.address < left.address + left.length;

/** Returns whether all of `inner` lies in `outer`. */
export const contains = (outer: Span, inner: Span): boolean =>
  outer.address <= inner.address && inner.address + inner.length <= outer.address + outer.length;

/** A piece of address space. */
export interface Span {
  readonly address: number;
  readonly length: number;
}
