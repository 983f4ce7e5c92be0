// What looks for a #private name and finds none.

/** Throws the TypeError of Node for an object without `name`. */
export const noPrivate = (name: string): never => {
  throw new TypeError(`Cannot read private member ${name} from an object whose class did not declare it`);
};
