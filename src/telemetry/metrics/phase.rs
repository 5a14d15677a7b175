//! The steps of a submission whose times are told apart, the queues that it can wait in, and how spans are lost.

use strum::IntoStaticStr;

/// A step of a submission, from a delivery to its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Phase {
    /// A box is asked for, until there is one. Lies within the step that needs it.
    Box,
    /// The validator of the problem is built, or found built.
    Validator,
    /// The submission is compiled, in its first box.
    Compile,
    /// The tests are run and checked.
    Run,
    /// The verdict is stored.
    Store,
    /// The verdict is published, and confirmed.
    Publish,
}

impl Phase {
    pub(super) const ALL: [Self; 6] = [
        Self::Box,
        Self::Validator,
        Self::Compile,
        Self::Run,
        Self::Store,
        Self::Publish,
    ];

    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}

/// The queue that a submission waited in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum WaitedIn {
    /// `broker.queue`.
    Work,
    /// `broker.bulk_queue`.
    Bulk,
}

impl WaitedIn {
    pub(super) const ALL: [Self; 2] = [Self::Work, Self::Bulk];

    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a span did not reach the collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(in crate::telemetry) enum SpanLoss {
    /// More wait to be sent than there is room for.
    Queue,
    /// The collector did not take it.
    Export,
}

impl SpanLoss {
    pub(super) const ALL: [Self; 2] = [Self::Queue, Self::Export];

    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}
