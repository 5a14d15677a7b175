//! What bounds a run: time on the wall without starvation, memory that no program may take, and how long to wait for both.

pub(crate) mod ballast;
pub(crate) mod deadline;
pub(crate) mod starvation;
pub(crate) mod wall;
pub(crate) mod watch;
