// IPv4 addresses as text and as numbers.

/** Returns 0x0a00020f for `10.0.2.15`, undefined for what is no address. */
export const parseAddress = (text: string): number | undefined => {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length !== 4 || !parts.every((part) => part <= 255)) return undefined;
  return parts.reduce((address, part) => address * 256 + part, 0);
};

/** Returns `10.0.2.15` for 0x0a00020f. */
export const formatAddress = (address: number): string =>
  [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
