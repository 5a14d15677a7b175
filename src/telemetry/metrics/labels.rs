//! What tells the series of one metric apart. Each label has few values, whoever sends what.

use prometheus_client::encoding::EncodeLabelSet;

/// Who is to blame for a submission that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Culprit {
    /// Boxes could not be started, or were lost.
    Boxes,
    /// The problem package.
    Problem,
    /// The output validator, or what builds it.
    Validator,
    /// The image of the language.
    Image,
    /// The disk, the descriptors or the memory of the worker's host.
    Host,
    /// The database.
    Database,
    /// RabbitMQ.
    Broker,
    /// The judge itself.
    Judge,
}

impl Culprit {
    pub(super) const ALL: [Self; 8] = [
        Self::Boxes,
        Self::Problem,
        Self::Validator,
        Self::Image,
        Self::Host,
        Self::Database,
        Self::Broker,
        Self::Judge,
    ];

    /// Whether other submissions will fare no better on this host.
    pub fn is_the_host(self) -> bool {
        matches!(self, Self::Boxes | Self::Image | Self::Host)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Boxes => "boxes",
            Self::Problem => "problem",
            Self::Validator => "validator",
            Self::Image => "image",
            Self::Host => "host",
            Self::Database => "database",
            Self::Broker => "broker",
            Self::Judge => "judge",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct VerdictLabels {
    pub(super) language: String,
    pub(super) code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct CulpritLabel {
    culprit: &'static str,
}

impl From<Culprit> for CulpritLabel {
    fn from(culprit: Culprit) -> Self {
        Self {
            culprit: culprit.name(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct CodeLabel {
    pub(super) code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct FindingLabels {
    pub(super) kind: &'static str,
    pub(super) severity: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct PartLabel {
    pub(super) part: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct BuildLabels {
    pub(super) version: &'static str,
}
