import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env['MOBILYTICS_API'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
    base: '/backoffice/',
    // The mark, and what is there before the first paint, are the dashboard's.
    publicDir: '../dashboard/public',
    plugins: [react()],
    build: {
        // What every page needs is one file, not as many as there are parts that share it.
        rolldownOptions: {
            output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
        },
        target: 'es2022',
        outDir: '../../dist/backoffice',
        emptyOutDir: true,
        assetsDir: 'static',
    },
    server: { proxy: { '/api': { target: api, changeOrigin: false } } },
});
