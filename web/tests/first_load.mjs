// What a browser fetches before the first page of each app stands: the scripts and styles that
// index.html names, and all that these import at once. After `npm run build`: npm run size

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const kRoot = fileURLToPath(new URL('..', import.meta.url));
const kApps = { dashboard: 'apps/dashboard/dist', backoffice: 'dist/backoffice' };

const packed = file => gzipSync(readFileSync(file), { level: 9 }).length;

/** Not import(...): that is what is fetched later. */
function importsOf(file) {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/(?:from|import)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)].map(found =>
        join(dirname(file), found[1]),
    );
}

for (const [app, folder] of Object.entries(kApps)) {
    const html = readFileSync(join(kRoot, folder, 'index.html'), 'utf8');
    const named = [...html.matchAll(/(?:src|href)="(?:\/backoffice)?\/([^"]+\.(?:js|css))"/g)].map(
        found => join(kRoot, folder, found[1]),
    );
    const scripts = new Set();
    const wanted = named.filter(file => file.endsWith('.js'));
    for (const file of wanted) {
        if (scripts.has(file)) continue;
        scripts.add(file);
        wanted.push(...importsOf(file));
    }
    const kB = files => (files.reduce((sum, file) => sum + packed(file), 0) / 1000).toFixed(1);
    const styles = named.filter(file => file.endsWith('.css'));
    console.log(
        `${app}: ${kB([...scripts])} kB of scripts (${scripts.size} files), ${kB(styles)} kB of styles`,
    );
}
