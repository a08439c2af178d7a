/** Where data comes from: add, test, choose, map, schedule. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { Catalogue } from './add/catalogue.js'
import { NewSource } from './add/new-source.js'
import { SourcePage } from './detail/source-page.js'
import { SourceList } from './list/source-list.js'
import { MappingPage } from './mapping/mapping-page.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<SourceList />} />
      <Route path="new" element={<Catalogue />} />
      <Route path="new/:connector" element={<NewSource />} />
      <Route path=":id/streams/:stream/mapping/*" element={<MappingPage />} />
      <Route path=":id/*" element={<SourcePage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
