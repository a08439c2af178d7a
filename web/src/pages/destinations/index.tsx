/** The tools that segments are sent to: connected by a form, tested, published. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { Catalogue } from './add/catalogue.js'
import { NewDestination } from './add/new-destination.js'
import { DestinationPage } from './detail/destination-page.js'
import { DestinationList } from './list/destination-list.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<DestinationList />} />
      <Route path="new" element={<Catalogue />} />
      <Route path="new/:connector" element={<NewDestination />} />
      <Route path=":id/*" element={<DestinationPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
