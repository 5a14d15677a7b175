//! Takes deliveries until the worker stops, and finishes those in hand or gives them back.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::broker::{Delivery, Settlement};
use crate::health::HEARTBEAT_INTERVAL;
use crate::worker::{ServeError, Stop, Worker};

enum Event {
    Delivery(Box<Delivery>),
    HostHealth,
    Finished,
    QueueLost,
    Heartbeat,
    Stop,
}

impl Worker {
    /// Takes deliveries until `stop`, with a task for each.
    ///
    /// # Errors
    /// When there will be no more of them.
    pub(super) async fn take_deliveries(
        self: &Arc<Self>,
        deliveries: &mut mpsc::Receiver<Delivery>,
        stop: &Stop,
    ) -> Result<(), ServeError> {
        let mut in_hand = JoinSet::new();
        let ended = self.take_until_stopped(deliveries, &mut in_hand, stop).await;
        self.health.heartbeat.stop();
        self.broker.stop_consuming();
        let grace = Duration::from_millis(self.settings.worker.shutdown_grace_ms);
        finish(in_hand, stop, grace).await;
        ended
    }

    async fn take_until_stopped(
        self: &Arc<Self>,
        deliveries: &mut mpsc::Receiver<Delivery>,
        in_hand: &mut JoinSet<()>,
        stop: &Stop,
    ) -> Result<(), ServeError> {
        let mut heartbeats = interval(HEARTBEAT_INTERVAL);
        let mut host_health = self.breaker.subscribe();
        loop {
            self.health.heartbeat.record();
            let event = tokio::select! {
                biased;
                () = stop.soon.cancelled() => Event::Stop,
                Some(_) = in_hand.join_next() => Event::Finished,
                Ok(()) = host_health.changed() => Event::HostHealth,
                delivery = deliveries.recv() => delivery.map_or(Event::QueueLost, |delivery| Event::Delivery(Box::new(delivery))),
                _ = heartbeats.tick() => Event::Heartbeat,
            };
            match event {
                Event::Delivery(delivery) if host_health.borrow().is_healthy() => {
                    in_hand.spawn(Arc::clone(self).process(*delivery));
                }
                // It was on its way when consuming was paused.
                Event::Delivery(delivery) => self.settle(&delivery, Settlement::HandBack).await,
                Event::Finished | Event::Heartbeat => {}
                Event::HostHealth if host_health.borrow().is_healthy() => self.broker.resume_consuming(),
                Event::HostHealth => self.broker.pause_consuming(),
                Event::QueueLost => return Err(ServeError::QueueLost),
                Event::Stop => return Ok(()),
            }
        }
    }
}

/// Waits for the submissions in hand, and gives back what is left of them when the time is over.
async fn finish(mut in_hand: JoinSet<()>, stop: &Stop, grace: Duration) {
    tracing::info!(
        in_hand = in_hand.len(),
        ?grace,
        "the worker stops: it finishes the submissions in hand"
    );
    let reason = tokio::select! {
        () = async { while in_hand.join_next().await.is_some() {} } => return,
        () = stop.at_once.cancelled() => "a second signal came",
        () = sleep(grace) => "worker.shutdown_grace_ms is over",
    };
    tracing::warn!(
        in_hand = in_hand.len(),
        reason,
        "the worker gives the submissions in hand back to the queue"
    );
    in_hand.shutdown().await;
}
