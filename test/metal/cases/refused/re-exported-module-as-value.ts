// expect HED004
// construct: export * as
import { whole } from '../../modules/again.ts';

console.log(Object.keys(whole));
