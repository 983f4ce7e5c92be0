// expect HED005
// construct: import()
export const load = () => import('../../modules/stars.ts');
