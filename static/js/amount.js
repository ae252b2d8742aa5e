// Money as people type it and as we say it; in between, minor units.
export const UNIT = 100;
export const said = (minor) => "¥" + (minor % UNIT ? (minor / UNIT).toFixed(2) : String(minor / UNIT));
export const amount = (text) => {
  const plain = text.normalize("NFKC").replace(/[¥,\s]/g, "");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * UNIT) : 0;
};
