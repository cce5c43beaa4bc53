import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { basemap } from './basemap_plugin';

const api = process.env['MOBILYTICS_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
    plugins: [react(), basemap()],
    worker: { format: 'es' },
    build: {
        // What every page needs is one file, not as many as there are parts that share it.
        rolldownOptions: {
            output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
        },
        target: 'es2022',
        // Not "assets": that is a page of the dashboard.
        assetsDir: 'static',
        chunkSizeWarningLimit: 1200,
    },
    server: { proxy: { '/api': { target: api, changeOrigin: false } } },
});
