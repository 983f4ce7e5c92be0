// What generators need beside the language.

/** Thrown into a generator that is told to return; catch clauses of generators let it pass. Never seen by a program. */
export const generatorReturnSignal: object = {};
