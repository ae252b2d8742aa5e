// What this device remembers of somebody's looking around: a few words and shops. It never leaves the device;
// without storage (private windows) nothing is remembered, and it is forgotten at logout.
const MOST = 8;

export function recall(name) {
  try { return JSON.parse(localStorage.getItem(name)) || []; } catch { return []; }
}

export function keep(name, entry, same = (one) => one === entry) {
  try { localStorage.setItem(name, JSON.stringify([entry, ...recall(name).filter((one) => !same(one))].slice(0, MOST))); } catch { /* no storage, no memory */ }
}

export function forget(name) {
  try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
}
