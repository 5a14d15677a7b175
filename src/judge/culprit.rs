//! Which part is at fault when a submission could not be judged, and what follows from that.

use strum::IntoStaticStr;

/// Part that is at fault for a submission that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Culprit {
    /// Boxes could not be started, or were lost.
    Boxes,
    /// The problem package.
    Problem,
    /// The output validator, the grader, or the compiler that builds them.
    Validator,
    /// The image of the language.
    Image,
    /// The disk, the descriptors or the memory of the worker's host.
    Host,
    /// The object storage, or web server, that problems come from.
    Storage,
    /// The database.
    Database,
    /// RabbitMQ.
    Broker,
    /// The judge itself.
    Judge,
}

impl Culprit {
    /// Each of them, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Boxes,
        Self::Problem,
        Self::Validator,
        Self::Image,
        Self::Host,
        Self::Storage,
        Self::Database,
        Self::Broker,
        Self::Judge,
    ];

    /// Whether other submissions will fare no better on this host.
    pub fn is_the_host(self) -> bool {
        matches!(self, Self::Boxes | Self::Image | Self::Host)
    }

    /// Whether it is a storage that may be back in a while.
    pub fn is_storage(self) -> bool {
        self == Self::Storage
    }

    /// Label of the metric `assize_judge_errors`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
