import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { basemap } from './basemap_plugin';

const api = process.env['MOBILYTICS_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
    plugins: [react(), basemap()],
    worker: { format: 'es' },
    build: {
        target: 'es2022',
        // Not "assets": that is a page of the dashboard.
        assetsDir: 'static',
        chunkSizeWarningLimit: 1200,
    },
    server: { proxy: { '/api': { target: api, changeOrigin: false } } },
});
