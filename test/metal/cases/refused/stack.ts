// expect HED150
export const show = (error: Error): string => error.stack ?? '';
