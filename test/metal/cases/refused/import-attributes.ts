// expect HED001
// construct: import attributes
import data from './data.json' with { type: 'json' };

console.log(data);
