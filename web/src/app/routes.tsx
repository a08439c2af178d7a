/** Which page is where. Each area is a chunk of its own, and routes below its path as it likes. */
import { createBrowserRouter } from 'react-router'
import { PageFailure } from './page-failure.js'
import { Root } from './root.js'
import { Starting } from './starting.js'

/** The page's router; every area's module exports its `Component`. */
export const router = createBrowserRouter([
  {
    path: '/sign-in',
    lazy: () => import('../pages/sign-in/index.js'),
    ErrorBoundary: PageFailure,
    HydrateFallback: Starting,
  },
  {
    path: '/',
    Component: Root,
    ErrorBoundary: PageFailure,
    HydrateFallback: Starting,
    children: [
      {
        ErrorBoundary: PageFailure,
        children: [
          { index: true, lazy: () => import('../pages/overview/index.js') },
          { path: 'sources/*', lazy: () => import('../pages/sources/index.js') },
          { path: 'runs/*', lazy: () => import('../pages/runs/index.js') },
          { path: 'profiles/*', lazy: () => import('../pages/profiles/index.js') },
          { path: 'segments/*', lazy: () => import('../pages/segments/index.js') },
          { path: 'activations/*', lazy: () => import('../pages/activations/index.js') },
          { path: 'destinations/*', lazy: () => import('../pages/destinations/index.js') },
          { path: 'settings/*', lazy: () => import('../pages/settings/index.js') },
          { path: '*', lazy: () => import('./not-found.js') },
        ],
      },
    ],
  },
])
