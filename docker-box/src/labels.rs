//! Labels by which containers of Assize are told from all others, and whose they are.

/// Every box has it, with the value `1`.
pub const MARK: &str = "io.assize";

/// Name of the worker that made the box.
pub const WORKER: &str = "io.assize.worker";

/// Every box has it, and no other container: a UUID that the worker's process drew when it started.
pub const BOOT: &str = "io.assize.boot";

/// What the box is for, such as the id of a submission.
pub const PURPOSE: &str = "io.assize.purpose";

/// Purpose of the containers that keep the empty network namespace of a slot for its boxes.
pub const NETWORK_PURPOSE: &str = "network";
