//! What is made of the results: whether thresholds are met, tables, a chart, and the files that they are written to.

pub(crate) mod by_nsjail;
pub(crate) mod chart;
pub(crate) mod page;
pub(crate) mod tables;
pub(crate) mod thresholds;
