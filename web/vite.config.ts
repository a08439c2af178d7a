/** How the page is built: hashed files into dist/web, nothing inline, so that a strict content security policy holds. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { singleIcons } from './vite-icons.js'
import { plainText } from './vite-plain-text.js'
import { usedStyles } from './vite-used-styles.js'

/** Where `vite` as a development server sends what belongs to the API: a running `tributary server`. */
const server = process.env.TRIBUTARY_SERVER_URL ?? 'http://127.0.0.1:8080'

/** Packages of the chunk that stays in caches from release to release. */
const VENDOR = /node_modules\/(react|react-dom|scheduler|react-router|@tanstack\/[^/]+|openapi-fetch)\//

export default defineConfig({
  plugins: [singleIcons(), plainText(), usedStyles(), react()],
  server: { host: '127.0.0.1', proxy: { '/api': server } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // A data: address would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        // What every page needs changes seldom: a release leaves it in the reader's cache.
        manualChunks: (id) => (VENDOR.test(id) ? 'vendor' : undefined),
      },
    },
  },
})
