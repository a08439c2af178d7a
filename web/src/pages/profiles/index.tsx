/** People: find one, see what is known of them and from where. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { PersonPage } from './person/person-page.js'
import { SearchPage } from './search/search-page.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<SearchPage />} />
      <Route path=":id" element={<PersonPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
