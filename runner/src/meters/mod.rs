//! What the kernel counts of the box: its control group and its threads.

mod counter;
pub(crate) mod meter;
pub(crate) mod own_limit;
pub(crate) mod quota;
pub(crate) mod steal;
pub(crate) mod threads;
