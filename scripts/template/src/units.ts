/** Returns a size as a person reads it: `255 MiB`. */
export const inMebibytes = (bytes: number): string => `${Math.floor(bytes / 1048576)} MiB`;
