//! Who judges the candidates: boxes of this machine, an HTTP service, or the workers of RabbitMQ.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::cli::Failure;
use crate::cli::eval::answered::Answered;
use crate::cli::eval::local::LocalJudge;
use crate::cli::eval::queue::QueueJudge;
use crate::config::{BrokerSettings, JudgingSettings};
use crate::contract::ReadSubmission;
use crate::evaluation::{ServiceAnswer, ServiceClient};

/// Where candidates are judged.
#[derive(Debug)]
pub(super) enum Where {
    /// On this machine.
    Here {
        settings: Box<JudgingSettings>,
        /// Slots, if not as many as the settings say.
        slots: Option<usize>,
    },
    /// By a service.
    Service { url: String, token: Option<String> },
    /// By workers.
    Queue(Box<BrokerSettings>),
}

/// What judges the candidates.
#[derive(Debug)]
pub(super) enum Judges {
    Here(Box<LocalJudge>),
    Service(ServiceClient),
    Queue(QueueJudge),
}

impl Judges {
    /// Fails at once where no service answers.
    pub(super) async fn open(place: Where) -> Result<Self, Failure> {
        Ok(match place {
            Where::Here { settings, slots } => Self::Here(Box::new(LocalJudge::open(*settings, slots).await?)),
            Where::Service { url, token } => {
                let client = ServiceClient::new(&url, token.as_deref()).map_err(Failure::usage)?;
                client.status().await.map_err(Failure::ours)?;
                Self::Service(client)
            }
            Where::Queue(settings) => Self::Queue(QueueJudge::connect(&settings).await.map_err(Failure::ours)?),
        })
    }

    /// Slots, where they are ours.
    pub(super) fn slots(&self) -> Option<usize> {
        match self {
            Self::Here(judge) => Some(judge.slots()),
            Self::Service(_) | Self::Queue(_) => None,
        }
    }

    /// The answer about one candidate, if it comes in time.
    pub(super) async fn answer(&self, read: ReadSubmission, patience: Duration) -> Answered {
        match self {
            Self::Here(judge) => match timeout(patience, judge.answer(&read.submission)).await {
                Ok(answered) => answered,
                Err(_elapsed) => Answered::Silent(format!("it was not judged within {patience:?}")),
            },
            Self::Service(client) => match client.answer(&read.message, Instant::now() + patience).await {
                ServiceAnswer::Verdict(judgement) => Answered::Verdict(judgement),
                ServiceAnswer::Refused(reason) => Answered::Refused(reason),
                ServiceAnswer::Closed(reason) => Answered::Closed(reason),
                ServiceAnswer::Silent(reason) => Answered::Silent(format!("{reason} within {patience:?}")),
            },
            Self::Queue(queue) => match timeout(patience, queue.answer(&read.message)).await {
                Ok(answered) => answered,
                Err(_elapsed) => Answered::Silent(format!("no verdict came within {patience:?}; is a worker running?")),
            },
        }
    }

    /// Takes away what was started.
    pub(super) async fn close(self) {
        match self {
            Self::Here(judge) => judge.close().await,
            Self::Service(_) => {}
            Self::Queue(queue) => queue.close().await,
        }
    }
}
