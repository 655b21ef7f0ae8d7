import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [reactRouter()],
  build: { target: 'es2022', sourcemap: false },
  // Kept out of the server bundle: they bring files of their own (WASM, workers) or must exist once in the process.
  ssr: { external: ['@electric-sql/pglite', 'pg', 'pg-boss', 'kysely', 'better-auth', 'pino'] },
})
