//! A deadline for each thing that the client is asked for: what is asked in the moment in which a connection is lost may
//! never end.

use std::time::Duration;

use thiserror::Error;
use tokio::time::timeout;

use crate::tls::AuthorityError;

/// How long the broker may take for one thing: the client has no deadlines of its own.
pub(in crate::broker) const STEP_TIMEOUT: Duration = Duration::from_secs(15);

/// Why RabbitMQ did not do one thing, such as to accept a connection.
#[derive(Debug, Error)]
pub enum StepError {
    /// The client or RabbitMQ refuses, or the connection is lost.
    #[error(transparent)]
    Amqp(#[from] lapin::Error),
    /// It took too long.
    #[error("no answer within {0:?}")]
    Silent(Duration),
    /// An address is none.
    #[error("the address is wrong: {0}")]
    Address(String),
    /// The authorities of the settings cannot be read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// RabbitMQ shows a certificate that is not trusted.
    #[error("{0}")]
    Mistrusted(String),
    /// None of several nodes can be connected to.
    #[error("{}", listed(.0))]
    NoNode(Vec<NodeFailure>),
}

impl StepError {
    /// What to do about it, behind the message, where that does not say so itself.
    pub(in crate::broker) fn advice(&self) -> &'static str {
        match self {
            Self::Authority(_) | Self::Mistrusted(_) => "",
            _ => "; is it running, and is the setting broker.url right?",
        }
    }
}

/// A node of the broker that cannot be connected to.
#[derive(Debug, Error)]
#[error("{node}: {source}")]
pub struct NodeFailure {
    /// Its address, without the password.
    pub node: String,
    /// Why.
    pub source: StepError,
}

fn listed(failures: &[NodeFailure]) -> String {
    let failures: Vec<String> = failures.iter().map(NodeFailure::to_string).collect();
    failures.join("; ")
}

/// Does it within the time that the broker may take for one thing.
pub(in crate::broker) async fn within<T, E>(step: impl Future<Output = Result<T, E>>) -> Result<T, StepError>
where
    StepError: From<E>,
{
    let done = timeout(STEP_TIMEOUT, step).await;
    Ok(done.map_err(|_elapsed| StepError::Silent(STEP_TIMEOUT))??)
}
