//! The other end of the control exchange: asking for submissions not to be judged.

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation};
use tokio::time::timeout;
use uuid::Uuid;

use crate::broker::client::error::{NotTakenError, SubmitError};
use crate::broker::client::sender::SubmitSender;
use crate::broker::connection::step::{STEP_TIMEOUT, StepError, within};
use crate::broker::connection::{open, place};
use crate::broker::message::unix_seconds;
use crate::config::BrokerSettings;
use crate::contract::Cancel;

/// Sends cancellations to all workers over a connection of its own, and returns when the broker has confirmed them.
///
/// # Errors
/// When the broker cannot be reached, or no worker has ever declared the queue in which it waits.
pub async fn cancel(settings: &BrokerSettings, cancellations: &[Cancel]) -> Result<(), SubmitError> {
    let sending = async {
        let connection = open(settings, "assize cancel").await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let all_taken = publish(&channel, &settings.control_exchange, cancellations).await?;
        connection.close(200, "bye".into()).await?;
        Ok::<_, StepError>(all_taken)
    };
    let all_taken = within(sending).await.map_err(|source| match source {
        // There is no such exchange.
        StepError::Amqp(error) if error.is_amqp_soft_error() => NotTakenError::Amqp(error).into(),
        source => SubmitError::Unreachable {
            broker: place(settings),
            source,
        },
    })?;
    match all_taken {
        true => Ok(()),
        false => Err(no_queue(&settings.control_exchange, &settings.cancel_queue).into()),
    }
}

impl SubmitSender {
    /// Sends cancellations to all workers over the connection of submissions, so that however many clients cancel, there is no
    /// further one. It returns when the broker has confirmed them.
    ///
    /// # Errors
    /// When the connection is lost, or no worker has ever declared the queue in which they wait.
    pub async fn cancel(&self, cancellations: &[Cancel]) -> Result<(), SubmitError> {
        let sending = async {
            let channel = self.cancelling.open(&self.connection).await?;
            publish(&channel, &self.control_exchange, cancellations).await
        };
        match timeout(STEP_TIMEOUT, sending).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(no_queue(&self.control_exchange, &self.cancel_queue).into()),
            Ok(Err(error)) => Err(NotTakenError::Amqp(error).into()),
            Err(_elapsed) => {
                self.give_up_silent_node().await;
                Err(NotTakenError::Unconfirmed(STEP_TIMEOUT).into())
            }
        }
    }
}

/// Whether a queue has all of them.
async fn publish(channel: &Channel, exchange: &str, cancellations: &[Cancel]) -> Result<bool, lapin::Error> {
    let mut all_taken = true;
    for cancellation in cancellations {
        let body = serde_json::to_vec(cancellation).unwrap_or_default();
        let mandatory = BasicPublishOptions {
            mandatory: true,
            ..Default::default()
        };
        let published = channel.basic_publish(exchange.into(), "cancel".into(), mandatory, &body, properties());
        all_taken &= matches!(published.await?.await?, Confirmation::Ack(None));
    }
    Ok(all_taken)
}

fn no_queue(exchange: &str, queue: &str) -> NotTakenError {
    NotTakenError::NoQueue {
        exchange: exchange.to_owned(),
        queue: queue.to_owned(),
    }
}

fn properties() -> BasicProperties {
    BasicProperties::default()
        .with_content_type("application/json".into())
        .with_delivery_mode(2)
        .with_message_id(Uuid::now_v7().to_string().into())
        .with_type("assize.cancel.v1".into())
        .with_timestamp(unix_seconds())
        .with_app_id(concat!("assize-cancel/", env!("CARGO_PKG_VERSION")).into())
}
