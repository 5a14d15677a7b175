//! Settings of RabbitMQ, with the names of everything that is declared there.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// RabbitMQ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerSettings {
    /// `amqp://user:password@host:port/vhost`.
    pub url: String,
    /// The nodes of a cluster, in the place of `url`: connections are spread over them, and go to another one when theirs
    /// is lost. Empty: there is one, at `url`.
    pub urls: Vec<String>,
    /// Certificates, in PEM, of authorities that are trusted beside the public ones, for `amqps://`. Empty: none.
    pub ca_file: PathBuf,
    /// Quorum queue that submissions wait in.
    pub queue: String,
    /// Direct exchange through which they get there; the routing key is the name of the queue.
    pub exchange: String,
    /// Quorum queue for submissions that may wait, such as rejudgings. The routing key is its name.
    pub bulk_queue: String,
    /// While submissions wait in both queues, every so many a bulk one is taken.
    pub bulk_every: u64,
    /// How often an idle worker looks whether bulk submissions wait.
    pub bulk_poll_ms: u64,
    /// Submissions that a worker has ready for the next slot that is free, beside those in its slots. 0: none.
    pub prefetch: u16,
    /// Quorum queue for submissions that another worker has in hand; from there they come back.
    pub later_queue: String,
    /// Fanout exchange through which they get there.
    pub later_exchange: String,
    /// How long they stay there: a day at most, which is the `x-message-ttl` of the queue.
    pub later_ms: u64,
    /// Direct exchange for messages that were given up or rejected; the routing key is the name of the queue.
    pub dead_letter_exchange: String,
    /// Queue that keeps messages that were given up.
    pub dead_letter_queue: String,
    /// Queue that keeps messages that cannot be judged as their senders wrote them. Empty: none.
    pub rejected_queue: String,
    /// Messages that `rejected_queue` keeps; the oldest go first.
    pub rejected_queue_length: u64,
    /// Bytes of messages that `rejected_queue` keeps; the oldest go first.
    pub rejected_queue_bytes: u64,
    /// Topic exchange for verdicts, rejections and progress.
    pub verdict_exchange: String,
    /// Queue bound to every verdict and rejection, so that none is lost while no site listens. Empty: none, and an answer that
    /// no other queue takes is in the database only.
    pub verdict_queue: String,
    /// Messages that `verdict_queue` keeps; the oldest go first.
    pub verdict_queue_length: u64,
    /// Fanout exchange for messages to the workers themselves, such as cancellations.
    pub control_exchange: String,
    /// Quorum queue in which cancellations wait for a worker that keeps them.
    pub cancel_queue: String,
    /// After how long a silent connection is taken for lost, unless the URL says (`?heartbeat=`). 0: never.
    pub heartbeat_s: u16,
    /// Times that a submission is tried before a judge error is final.
    pub max_attempts: u64,
    /// Workers that may die or fall silent while they judge a submission, before that is a judge error and final.
    pub max_lost_workers: u64,
    /// Times that a submission is put off, for `later_ms` each, whose problem a worker does not know, before it is
    /// rejected.
    pub unknown_problem_retries: u64,
    /// Largest verdict document. What programs wrote is cut shorter until it fits; RabbitMQ takes 16 MiB by default.
    pub max_verdict_bytes: usize,
    /// How long a publish may take to be confirmed.
    pub confirm_timeout_ms: u64,
}

impl BrokerSettings {
    /// Where RabbitMQ is: every node that may be connected to.
    pub fn nodes(&self) -> &[String] {
        if self.urls.is_empty() {
            std::slice::from_ref(&self.url)
        } else {
            &self.urls
        }
    }

    /// Whether a queue is one of the judge's own.
    pub fn has_queue(&self, name: &str) -> bool {
        let own = [
            &self.queue,
            &self.bulk_queue,
            &self.later_queue,
            &self.dead_letter_queue,
            &self.rejected_queue,
            &self.verdict_queue,
            &self.cancel_queue,
        ];
        own.into_iter().any(|queue| queue == name)
    }

    /// Puts this behind the name of every exchange and queue, so that they are used by no other worker or site.
    pub fn set_apart(&mut self, suffix: &str) {
        for name in [
            &mut self.queue,
            &mut self.exchange,
            &mut self.bulk_queue,
            &mut self.later_queue,
            &mut self.later_exchange,
            &mut self.dead_letter_exchange,
            &mut self.dead_letter_queue,
            &mut self.rejected_queue,
            &mut self.verdict_exchange,
            &mut self.verdict_queue,
            &mut self.control_exchange,
            &mut self.cancel_queue,
        ] {
            // An empty name means that there is none.
            if !name.is_empty() {
                name.push_str(suffix);
            }
        }
    }
}
