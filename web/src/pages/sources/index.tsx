/** Where data comes from: add, test, choose, map, schedule. */
import { lazy, Suspense } from 'react'
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { LoadingPage } from '../../ui/loading.js'
import { Catalogue } from './add/catalogue.js'
import { SourceList } from './list/source-list.js'

// Fetched by those who look at them: together they are a lot.
const NewSource = lazy(async () => ({ default: (await import('./add/new-source.js')).NewSource }))
const MappingPage = lazy(async () => ({ default: (await import('./mapping/mapping-page.js')).MappingPage }))
const SourcePage = lazy(async () => ({ default: (await import('./detail/source-page.js')).SourcePage }))

/** The area's pages. */
export function Component() {
  return (
    <Suspense fallback={<LoadingPage what="Opening the page" />}>
      <Routes>
        <Route index element={<SourceList />} />
        <Route path="new" element={<Catalogue />} />
        <Route path="new/:connector" element={<NewSource />} />
        <Route path=":id/streams/:stream/mapping/*" element={<MappingPage />} />
        <Route path=":id/*" element={<SourcePage />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  )
}
