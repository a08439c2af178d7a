/** What the buttons of a destination's form say. */
export const TEST = 'Test the connection'
export const SAVE = 'Save as draft'
export const PUBLISH = 'Publish'
