/** Groups of people by what they are and did, with live counts. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { BuilderPage } from './builder/builder-page.js'
import { SegmentPage } from './detail/segment-page.js'
import { ListPage } from './list/list-page.js'
import { PeopleListPage } from './people-lists/list-page.js'
import { ListsPage } from './people-lists/lists-page.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<ListPage />} />
      <Route path="new" element={<BuilderPage />} />
      <Route path="lists" element={<ListsPage />} />
      <Route path="lists/:list" element={<PeopleListPage />} />
      <Route path=":id" element={<SegmentPage />} />
      <Route path=":id/edit" element={<BuilderPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
