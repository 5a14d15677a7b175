//! Submissions that are sent, and their answers.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use assize::broker::{Reply, SubmitClient, SubmitSender};
use assize::config::BrokerSettings;
use assize::contract::{ProblemRef, SourceFile, SubmissionMessage};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::timeout;
use uuid::Uuid;

use crate::fleet::PROBLEM;

/// Submissions that wait for the confirmation of the broker at once.
const UNCONFIRMED: usize = 256;

/// How long no answer may come.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    /// From the first answer that counts to the last one.
    pub(crate) seconds: f64,
    /// Answers in that time.
    pub(crate) counted: u32,
    /// Submissions by their verdicts.
    pub(crate) verdicts: BTreeMap<String, u32>,
    /// Answers that came again, for a submission that had one.
    pub(crate) repeated: u32,
}

/// Sends so many submissions while their answers come; `in_bulk`: to the queue of what may wait.
pub(crate) async fn send_and_receive(
    broker: &BrokerSettings,
    submissions: u32,
    in_bulk: bool,
) -> anyhow::Result<Answered> {
    let mut client = SubmitClient::connect(broker).await?;
    let sending = send(client.sender(), submissions, in_bulk);
    let (sent, answered) = tokio::join!(sending, receive(&mut client, submissions));
    sent.context("a submission could not be sent")?;
    client.close().await;
    answered
}

async fn send(sender: SubmitSender, submissions: u32, in_bulk: bool) -> anyhow::Result<()> {
    stream::iter(0..submissions)
        .map(|number| {
            let sender = sender.clone();
            async move {
                match in_bulk {
                    true => sender.send_in_bulk(&message(number)).await,
                    false => sender.send(&message(number)).await,
                }
            }
        })
        .buffer_unordered(UNCONFIRMED)
        .try_collect::<()>()
        .await?;
    Ok(())
}

/// Answers to all of them. The first tenth does not count: workers are not busy yet.
async fn receive(client: &mut SubmitClient, submissions: u32) -> anyhow::Result<Answered> {
    let mut answered = HashSet::new();
    let mut verdicts: BTreeMap<String, u32> = BTreeMap::new();
    let (mut repeated, mut begun) = (0, Instant::now());
    let unheeded = submissions / 10;
    while answered.len() < submissions as usize {
        let reply = timeout(PATIENCE, client.next()).await;
        let reply = reply.with_context(|| format!("{} of {submissions} answers came", answered.len()))??;
        match reply {
            Reply::Progress(_) => {}
            Reply::Verdict(judgement) if answered.insert(judgement.id) => {
                *verdicts.entry(judgement.verdict.code().to_owned()).or_default() += 1;
                if answered.len() == unheeded as usize {
                    begun = Instant::now();
                }
            }
            Reply::Verdict(_) => repeated += 1,
            Reply::Result(_) => bail!("a submission was only run"),
            Reply::Rejection(rejection) => bail!("a submission was rejected: {}", rejection.reason),
        }
    }
    ensure!(!verdicts.contains_key("JE"), "there are judge errors: {verdicts:?}");
    Ok(Answered {
        seconds: begun.elapsed().as_secs_f64(),
        counted: submissions - unheeded,
        verdicts,
        repeated,
    })
}

/// A program that no other submission has: what becomes of it is drawn from it.
fn message(number: u32) -> SubmissionMessage {
    let id = Uuid::now_v7();
    let content =
        format!("# Submission {number}, {id}\nimport sys\n\nfor line in sys.stdin:\n    print(line, end='')\n");
    let files = vec![SourceFile {
        name: "main.py".to_owned(),
        content: content.into_bytes(),
    }];
    let problem = ProblemRef {
        id: PROBLEM.to_owned(),
        revision: None,
    };
    SubmissionMessage::for_problem(id, "python3", files, problem)
}
