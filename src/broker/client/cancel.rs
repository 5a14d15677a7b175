//! The other end of the control exchange: asking for submissions not to be judged.

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Confirmation};
use uuid::Uuid;

use crate::broker::client::error::{NotTakenError, SubmitError};
use crate::broker::connection::step::{StepError, within};
use crate::broker::connection::{open, place};
use crate::broker::message::unix_seconds;
use crate::config::BrokerSettings;
use crate::contract::Cancel;

/// Sends cancellations to all workers, and returns when the broker has confirmed them.
///
/// # Errors
/// When the broker cannot be reached, or no worker has ever declared the queue in which it waits.
pub async fn cancel(settings: &BrokerSettings, cancellations: &[Cancel]) -> Result<(), SubmitError> {
    let sending = async {
        let connection = open(settings, "assize cancel").await?;
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let mut all_taken = true;
        for cancellation in cancellations {
            let body = serde_json::to_vec(cancellation).unwrap_or_default();
            let exchange = settings.control_exchange.as_str().into();
            let mandatory = BasicPublishOptions {
                mandatory: true,
                ..Default::default()
            };
            let published = channel.basic_publish(exchange, "cancel".into(), mandatory, &body, properties());
            all_taken &= matches!(published.await?.await?, Confirmation::Ack(None));
        }
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
    if all_taken {
        return Ok(());
    }
    let no_queue = NotTakenError::NoQueue {
        exchange: settings.control_exchange.clone(),
        queue: settings.cancel_queue.clone(),
    };
    Err(no_queue.into())
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
