// The order in which modules run.

/** Each module adds its name. */
export const log: string[] = ['log'];
