/** The two lists of this area, a link each: what is sent, and where it can be sent to. */
import { NavLink } from 'react-router'
import classes from './area-tabs.module.css'

/** Stands at the top of both lists. */
export function AreaTabs() {
  return (
    <nav aria-label="Lists of this area" className={classes.tabs}>
      <NavLink to="/activations" end>
        Activations
      </NavLink>
      <NavLink to="/destinations" end>
        Destinations
      </NavLink>
    </nav>
  )
}
