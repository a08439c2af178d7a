/** The page's files: hashed ones for ever, the rest asked for anew; every address of the page gets index.html. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const UNBUILT = 'The page is not built; run npm run build. The API is under /api/v1.\n'

/** Files below `folder`, and nothing else; what it holds is the build's. */
export async function addPage(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    // Without files the folder is missed when it is asked for, not at the start.
    wildcard: true,
    index: false,
    dotfiles: 'deny',
    // Names in assets/ carry a hash of their content.
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const immutable = path.startsWith(join(folder, 'assets'))
      reply.setHeader('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/', async (_request, reply) => sendPage(reply, folder))
}

/**
 * True for an address that a person may have typed: the page itself decides what is there. Names of streams have dots, as
 * those of files do; a browser that goes somewhere says that it wants a page.
 */
export function isPageAddress({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?')[0]!
  if ((method !== 'GET' && method !== 'HEAD') || /^\/(api|assets)\//.test(path)) return false
  return !/\.[^/]+$/.test(path) || (headers.accept ?? '').includes('text/html')
}

/** index.html, or what to do where it is not built. */
export function sendPage(reply: FastifyReply, folder: string): FastifyReply {
  if (existsSync(join(folder, 'index.html'))) return reply.code(200).sendFile('index.html')
  return reply.code(503).type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(UNBUILT)
}
