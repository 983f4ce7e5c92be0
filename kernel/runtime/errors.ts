// The error classes. ECMA-262 §20.5.
//
// Porffor's own have no instanceof chain, ignore a new name, and lose message and name in a derived class; so every mention of Error
// and its kin is lowered to these, and what the language itself throws is turned into one of them on its way (scripts/patch/errors.ts).

interface CauseOptions {
  readonly cause?: unknown;
}

const define = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
};

/** Error. */
export class ErrorObject {
  declare name: string;
  declare message: string;
  declare cause: unknown;

  constructor(message?: unknown, options?: CauseOptions) {
    if (message !== undefined) define(this, 'message', `${message}`);
    if (options !== undefined && 'cause' in options) define(this, 'cause', options.cause);
  }

  /** Returns `name: message`, or the one of them that is not empty. */
  toString(): string {
    const name = `${this.name}`;
    const message = `${this.message}`;
    if (name === '') return message;
    return message === '' ? name : `${name}: ${message}`;
  }
}

/** TypeError. */
export class TypeErrorObject extends ErrorObject {}
/** RangeError. */
export class RangeErrorObject extends ErrorObject {}
/** SyntaxError. */
export class SyntaxErrorObject extends ErrorObject {}
/** ReferenceError. */
export class ReferenceErrorObject extends ErrorObject {}
/** EvalError. */
export class EvalErrorObject extends ErrorObject {}
/** URIError. */
export class URIErrorObject extends ErrorObject {}

/** AggregateError: several errors as one. */
export class AggregateErrorObject extends ErrorObject {
  declare errors: unknown[];

  constructor(errors: readonly unknown[], message?: unknown, options?: CauseOptions) {
    super(message, options);
    define(this, 'errors', [...errors]);
  }
}

const setName = (constructor: typeof ErrorObject | typeof AggregateErrorObject, name: string): void => {
  Object.defineProperty(constructor, 'name', { value: name, configurable: true });
  define(constructor.prototype, 'name', name);
  define(constructor.prototype, 'message', '');
};

setName(ErrorObject, 'Error');
setName(TypeErrorObject, 'TypeError');
setName(RangeErrorObject, 'RangeError');
setName(SyntaxErrorObject, 'SyntaxError');
setName(ReferenceErrorObject, 'ReferenceError');
setName(EvalErrorObject, 'EvalError');
setName(URIErrorObject, 'URIError');
setName(AggregateErrorObject, 'AggregateError');

/** Returns the error of ours that stands for `native`, an error made by the language itself. */
export const adoptNativeError = (native: unknown): unknown => {
  const { name, message, errors } = native as { name: string; message: string; errors: unknown[] };
  if (name === 'TypeError') return new TypeErrorObject(message);
  if (name === 'RangeError') return new RangeErrorObject(message);
  if (name === 'SyntaxError') return new SyntaxErrorObject(message);
  if (name === 'ReferenceError') return new ReferenceErrorObject(message);
  if (name === 'AggregateError') return new AggregateErrorObject(errors, message);
  if (name === 'URIError') return new URIErrorObject(message);
  return new ErrorObject(message);
};

// Called once, so that it is compiled: from then on generated C is its only caller.
adoptNativeError(new ErrorObject());
