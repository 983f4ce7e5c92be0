// A rejection handled one job later is handled.
const g = async () => {
  throw new Error('later handled');
};
const q = g();
(async () => {
  await null;
  try {
    await q;
  } catch (e) {
    console.log(`late ${e}`);
  }
})();

export {};
