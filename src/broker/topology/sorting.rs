//! What RabbitMQ itself gives up, by its reason.
//!
//! A sender that sets a time to live makes its messages expire in a work queue while all slots are busy. That is the sender's
//! mistake, and no dead letter: such messages go where rejected ones are kept, in which the oldest give way. Everything else
//! that comes over the exchange of dead letters is one.

use lapin::options::ExchangeBindOptions;
use lapin::types::FieldTable;
use lapin::{Connection, ExchangeKind};

use crate::broker::topology::declaring::{
    TopologyError, bind, bind_with, channel_for, exchange, exchange_with, of_exchange, of_queue, table, text,
};
use crate::config::BrokerSettings;

/// The exchange that tells messages by their reasons.
pub(super) fn sorting_exchange(settings: &BrokerSettings) -> String {
    format!("{}.reasons", settings.dead_letter_exchange)
}

/// The exchange of what is a dead letter.
pub(super) fn kept_exchange(settings: &BrokerSettings) -> String {
    format!("{}.kept", settings.dead_letter_exchange)
}

/// The new way is there before the one of earlier versions goes, which led everything to the dead letters.
pub(super) async fn declare(connection: &Connection, settings: &BrokerSettings) -> Result<(), TopologyError> {
    let (from, dead) = (&settings.dead_letter_exchange, &settings.dead_letter_queue);
    let (sorting, kept) = (sorting_exchange(settings), kept_exchange(settings));
    let channel = &channel_for(connection, dead).await?;
    exchange(channel, &kept, ExchangeKind::Fanout).await?;
    bind(channel, dead, &kept, "").await?;
    let otherwise = table(&[("alternate-exchange", text(&kept))]);
    exchange_with(channel, &sorting, ExchangeKind::Headers, otherwise).await?;
    for queue in [&settings.queue, &settings.bulk_queue] {
        // What was put off has expired before, in another queue, and its copy has no time to live of its sender's.
        let expired = table(&[
            ("x-match", text("all-with-x")),
            ("x-first-death-reason", text("expired")),
            ("x-first-death-queue", text(queue)),
        ]);
        if !settings.rejected_queue.is_empty() {
            bind_with(channel, &settings.rejected_queue, (&sorting, ""), expired).await?;
        }
    }
    let options = ExchangeBindOptions::default();
    let bound = channel.exchange_bind(
        sorting.as_str().into(),
        from.as_str().into(),
        dead.as_str().into(),
        options,
        FieldTable::default(),
    );
    bound.await.map_err(|source| of_exchange(&sorting, source))?;
    let unbound = channel.queue_unbind(
        dead.as_str().into(),
        from.as_str().into(),
        dead.as_str().into(),
        FieldTable::default(),
    );
    unbound.await.map_err(|source| of_queue(dead, source))
}
