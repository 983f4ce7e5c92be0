// Values that the registers of simulated devices share.

/** What queue_notif_config_data of queue n is: n plus this. */
export const NOTIF_CONFIG_BASE = 0x500;

/** Returns `value` with one of its 32-bit halves replaced. */
export const half = (value: number, isHigh: boolean, bits: number): number =>
  isHigh ? (value % 2 ** 32) + bits * 2 ** 32 : Math.floor(value / 2 ** 32) * 2 ** 32 + bits;
