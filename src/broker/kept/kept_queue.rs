//! Where messages are kept that are not judged any more.

use crate::config::BrokerSettings;

/// A queue of messages that are not judged any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptQueue {
    /// Dead letters: what the judge gave up. They wait for an operator, however many there are.
    Dead,
    /// What cannot be judged as its sender wrote it. The oldest go first.
    Rejected,
}

impl KeptQueue {
    /// The name of the queue, unless there is to be none.
    pub(in crate::broker) fn name(self, settings: &BrokerSettings) -> Option<&str> {
        let name = match self {
            Self::Dead => &settings.dead_letter_queue,
            Self::Rejected => &settings.rejected_queue,
        };
        Some(name.as_str()).filter(|name| !name.is_empty())
    }
}
