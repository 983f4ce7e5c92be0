// ends 32
// says RangeError: no such sector
const readSector = async (sector: number): Promise<string> => {
  await null;
  if (sector > 3) throw new RangeError('no such sector');
  return `sector ${sector}`;
};
console.log(await readSector(2));
console.log(await readSector(4));
console.log('never');

export {};
