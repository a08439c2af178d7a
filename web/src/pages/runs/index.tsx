/** What is happening, how far, what failed and what to do. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { RunPage } from './detail/run-page.js'
import { RunList } from './list/run-list.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<RunList />} />
      <Route path=":workflowId" element={<RunPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
