// Completes package-lock.json after `npm install` from a registry mirror that does not carry the optional
// packages of other platforms: npm leaves them out of the lock, and `npm ci` then refuses it everywhere.
// An added entry has no integrity; npm fills it in where the package is to be had.
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const { optionalDependencies = {} } of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    lock.packages[`node_modules/${name}`] ??= {
      version: range.replace(/^[\^~]/, ''),
      ...platformOf(name),
      dev: true,
      optional: true,
    };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

/** `@scope/binding-linux-x64-musl` → os, cpu and libc as npm writes them. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-');
  const at = parts.findIndex((part) =>
    /^(linux|darwin|win32|android|freebsd|openbsd|openharmony|wasm32)$/.test(part),
  );
  const [os, cpu, abi = ''] = parts.slice(at);
  if (os === 'wasm32') return { cpu: ['wasm32'] };
  const libc = /musl/.test(abi) ? 'musl' : /gnu/.test(abi) ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}
