/** Segments on their way to tools: planned, guarded, approved, undone. */
import { Route, Routes } from 'react-router'
import { Component as NotFound } from '../../app/not-found.js'
import { ActivationPage } from './detail/activation-page.js'
import { RunPage } from './detail/run-page.js'
import { EditorPage } from './editor/editor-page.js'
import { ActivationList } from './list/activation-list.js'

/** The area's pages. */
export function Component() {
  return (
    <Routes>
      <Route index element={<ActivationList />} />
      <Route path="new" element={<EditorPage />} />
      <Route path=":id" element={<ActivationPage />} />
      <Route path=":id/edit" element={<EditorPage />} />
      <Route path=":id/runs/:run" element={<RunPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
