// expect HED004
// construct: namespace import
import * as stars from '../../modules/stars.ts';

console.log(Object.keys(stars));
