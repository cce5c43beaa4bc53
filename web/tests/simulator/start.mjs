// node tests/simulator/start.mjs [port] [mode]: the stand-in server with the built dashboard.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(here('./server.ts'));
const simulator = new module.Simulator({
    port: Number(process.argv[2] ?? 8099),
    mode: process.argv[3] ?? 'normal',
    site: here('../../apps/dashboard/dist'),
    backoffice: here('../../dist/backoffice'),
});
console.log(`${await simulator.start()}  ${simulator.email} ${simulator.password}`);
