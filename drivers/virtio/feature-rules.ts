'use machine';
// Which feature bits need others. VIRTIO 1.2 §2.2: a driver must not accept a feature that requires another one which was not accepted.
//
// The rows are those of the device types' own sections; the bits that all types share require nothing.

import type { bool, u32 } from '../../kernel/base/machine.ts';
import { FEATURE_COUNT, type Features, hasFeature, removeFeature } from './features.ts';
import { TYPE_CAN, TYPE_CRYPTO, TYPE_NET } from './ids.ts';

/**
 * Takes out of `accepted` every feature that requires another which is not in it. A device must not offer such a one, but may.
 * One pass is enough: whatever requires a bit above its own requires that bit's own requirement too.
 */
export const dropUnsatisfied = (accepted: Features, deviceType: u32): void => {
  if (!hasRules(deviceType)) return;
  for (let bit: u32 = 0; bit < FEATURE_COUNT; bit++) {
    if (hasFeature(accepted, bit) && !isSatisfied(accepted, deviceType, bit)) removeFeature(accepted, bit);
  }
};

/** Returns whether all that `bit` requires is in `features`. */
export const isSatisfied = (features: Features, deviceType: u32, bit: u32): bool => {
  switch (deviceType) {
    case TYPE_NET:
      return isNetSatisfied(features, bit);
    case TYPE_CRYPTO:
      return bit < CRYPTO_CIPHER || bit > CRYPTO_AKCIPHER || hasFeature(features, CRYPTO_REVISION_1);
    case TYPE_CAN:
      return bit !== CAN_RTR_FRAMES || hasFeature(features, CAN_CLASSIC);
    default:
      return true;
  }
};

/** Returns whether any feature of this type of device requires another: most need not look. */
const hasRules = (deviceType: u32): bool =>
  deviceType === TYPE_NET || deviceType === TYPE_CRYPTO || deviceType === TYPE_CAN;

// Network. §5.1.3
const NET_CSUM: u32 = 0;
const NET_GUEST_CSUM: u32 = 1;
const NET_GUEST_TSO4: u32 = 7;
const NET_GUEST_TSO6: u32 = 8;
const NET_GUEST_ECN: u32 = 9;
const NET_GUEST_UFO: u32 = 10;
const NET_HOST_TSO4: u32 = 11;
const NET_HOST_TSO6: u32 = 12;
const NET_HOST_ECN: u32 = 13;
const NET_HOST_UFO: u32 = 14;
const NET_CTRL_VQ: u32 = 17;
const NET_CTRL_RX: u32 = 18;
const NET_CTRL_VLAN: u32 = 19;
const NET_GUEST_ANNOUNCE: u32 = 21;
const NET_MQ: u32 = 22;
const NET_CTRL_MAC_ADDR: u32 = 23;
const NET_HASH_TUNNEL: u32 = 51;
const NET_VQ_NOTF_COAL: u32 = 52;
const NET_NOTF_COAL: u32 = 53;
const NET_GUEST_USO4: u32 = 54;
const NET_GUEST_USO6: u32 = 55;
const NET_HOST_USO: u32 = 56;
const NET_HASH_REPORT: u32 = 57;
const NET_RSS: u32 = 60;
const NET_RSC_EXT: u32 = 61;
const NET_RSS_CONTEXT: u32 = 64;
const NET_GUEST_UDP_TUNNEL_GSO: u32 = 65;
const NET_GUEST_UDP_TUNNEL_GSO_CSUM: u32 = 66;
const NET_HOST_UDP_TUNNEL_GSO: u32 = 67;
const NET_HOST_UDP_TUNNEL_GSO_CSUM: u32 = 68;

// Crypto. §5.9.3.1
const CRYPTO_REVISION_1: u32 = 0;
const CRYPTO_CIPHER: u32 = 1;
const CRYPTO_AKCIPHER: u32 = 5;

// CAN. VIRTIO 1.4 §5.23.3
const CAN_CLASSIC: u32 = 0;
const CAN_RTR_FRAMES: u32 = 2;

/** §5.1.3.1, row by row. */
const isNetSatisfied = (features: Features, bit: u32): bool => {
  switch (bit) {
    case NET_GUEST_TSO4:
    case NET_GUEST_TSO6:
    case NET_GUEST_UFO:
    case NET_GUEST_USO4:
    case NET_GUEST_USO6:
      return hasFeature(features, NET_GUEST_CSUM);
    case NET_GUEST_ECN:
      return hasFeature(features, NET_GUEST_TSO4) || hasFeature(features, NET_GUEST_TSO6);
    case NET_GUEST_UDP_TUNNEL_GSO:
      return hasGuestSegmentation(features);
    case NET_GUEST_UDP_TUNNEL_GSO_CSUM:
      return hasFeature(features, NET_GUEST_UDP_TUNNEL_GSO);
    case NET_HOST_TSO4:
    case NET_HOST_TSO6:
    case NET_HOST_UFO:
    case NET_HOST_USO:
      return hasFeature(features, NET_CSUM);
    case NET_HOST_ECN:
    case NET_RSC_EXT:
      return hasFeature(features, NET_HOST_TSO4) || hasFeature(features, NET_HOST_TSO6);
    case NET_HOST_UDP_TUNNEL_GSO:
      return hasHostSegmentation(features);
    case NET_HOST_UDP_TUNNEL_GSO_CSUM:
      return hasFeature(features, NET_HOST_UDP_TUNNEL_GSO);
    case NET_CTRL_RX:
    case NET_CTRL_VLAN:
    case NET_GUEST_ANNOUNCE:
    case NET_MQ:
    case NET_CTRL_MAC_ADDR:
    case NET_NOTF_COAL:
    case NET_RSS:
    case NET_VQ_NOTF_COAL:
      return hasFeature(features, NET_CTRL_VQ);
    case NET_HASH_TUNNEL:
      return (
        hasFeature(features, NET_CTRL_VQ) && (hasFeature(features, NET_RSS) || hasFeature(features, NET_HASH_REPORT))
      );
    case NET_RSS_CONTEXT:
      return hasFeature(features, NET_CTRL_VQ) && hasFeature(features, NET_RSS);
    default:
      return true;
  }
};

const hasGuestSegmentation = (features: Features): bool =>
  hasFeature(features, NET_GUEST_TSO4) &&
  hasFeature(features, NET_GUEST_TSO6) &&
  hasFeature(features, NET_GUEST_USO4) &&
  hasFeature(features, NET_GUEST_USO6);

const hasHostSegmentation = (features: Features): bool =>
  hasFeature(features, NET_HOST_TSO4) && hasFeature(features, NET_HOST_TSO6) && hasFeature(features, NET_HOST_USO);
