// expect HED129
// construct: increment
export const next = (value: any): any => {
  value++;
  return value;
};
