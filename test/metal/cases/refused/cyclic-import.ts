// expect HED003
// construct: cyclic import
import { circle } from '../../modules/cyclic.ts';
export const middle = 1;
console.log(circle());
