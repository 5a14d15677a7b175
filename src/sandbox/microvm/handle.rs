//! The worker's side of one machine: a task owns it, and its handle asks the task.

use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use assize_guest_protocol::{Answer, BoxUse, Order, UseLimits};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use rustix::process::Signal;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::agent::Agent;
use super::process::MachineProcess;
use super::request::{limits, require_room};
use super::state::MachineDirectory;
use crate::sandbox::{BoxHandle, BoxMeter, BoxSpec, LaunchError, PostMortem};

/// How long a guest may take for a question. It may be in other hands, and never answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Questions that wait for a machine.
const QUESTIONS: usize = 4;

/// What a machine is asked.
struct Question {
    order: Order,
    reply: oneshot::Sender<Reply>,
}

/// What is known then.
#[derive(Debug)]
enum Reply {
    /// Its agent says so.
    Agent(Answer),
    /// It has ended.
    Ended(Ending),
    /// It says nothing.
    Silent,
}

/// How a machine ended.
#[derive(Debug, Clone, Copy, Default)]
struct Ending {
    /// What its agent said before.
    used: Option<BoxUse>,
    /// Something on the host killed it.
    was_killed: bool,
}

/// Owns one machine.
pub(super) struct MachineHandle {
    questions: mpsc::Sender<Question>,
    over: watch::Receiver<bool>,
    /// Memory of the machine, in bytes.
    memory_bytes: u64,
}

/// What there is of a machine beside the stream of its runner.
pub(super) type Owned = (MachineDirectory, MachineProcess, Agent);

/// The other side of a [`MachineHandle`].
pub(super) struct Supervision {
    machine: Owned,
    questions: mpsc::Receiver<Question>,
    over: watch::Sender<bool>,
}

impl MachineHandle {
    pub(super) fn new(machine: Owned, memory_bytes: u64) -> (Self, Supervision) {
        let (sender, questions) = mpsc::channel(QUESTIONS);
        let (over, watched) = watch::channel(false);
        let handle = Self {
            questions: sender,
            over: watched,
            memory_bytes,
        };
        let supervision = Supervision {
            machine,
            questions,
            over,
        };
        (handle, supervision)
    }

    async fn ask(&self, order: Order) -> Reply {
        let (reply, answered) = oneshot::channel();
        let answer = async {
            // Both fail only when the task is gone, and the machine with it.
            let _asked = self.questions.send(Question { order, reply }).await;
            answered.await.unwrap_or(Reply::Ended(Ending::default()))
        };
        timeout(ANSWER_WITHIN, answer).await.unwrap_or(Reply::Silent)
    }
}

impl Supervision {
    /// Answers questions until the handle is gone; then the machine ends.
    pub(super) async fn until_over(self) {
        let Self {
            machine,
            mut questions,
            over,
        } = self;
        let (directory, mut process, agent) = machine;
        let mut agent = Some(agent);
        let mut ending = Ending::default();
        let mut asked = VecDeque::new();
        loop {
            tokio::select! {
                answer = next(&mut agent), if agent.is_some() => match answer {
                    Some(Answer::Ended(used)) => {
                        ending.used = Some(used);
                        order(&mut agent, &Order::TurnOff).await;
                    }
                    Some(answer) => reply(&mut asked, Reply::Agent(answer)),
                    // From now on its process is waited for.
                    None => agent = None,
                },
                status = process.wait(), if agent.is_none() => {
                    ending.was_killed |= status.is_ok_and(was_killed);
                    break;
                }
                question = questions.recv() => match question {
                    Some(Question { order: asking, reply }) => {
                        asked.push_back(reply);
                        order(&mut agent, &asking).await;
                    }
                    None => break,
                },
            }
        }
        asked.drain(..).for_each(|waiting| answer_ended(waiting, ending));
        while let Some(question) = questions.recv().await {
            answer_ended(question.reply, ending);
        }
        process.end().await;
        drop(directory);
        over.send_replace(true);
    }
}

fn answer_ended(waiting: oneshot::Sender<Reply>, ending: Ending) {
    // Who does not wait any more needs no answer.
    let _sent = waiting.send(Reply::Ended(ending));
}

fn reply(asked: &mut VecDeque<oneshot::Sender<Reply>>, answer: Reply) {
    if let Some(waiting) = asked.pop_front() {
        // As above.
        let _sent = waiting.send(answer);
    }
}

/// The next answer; `None` once there will be none.
async fn next(agent: &mut Option<Agent>) -> Option<Answer> {
    let said = agent.as_mut()?.next().await?;
    said.inspect_err(|error| tracing::warn!(%error, "a guest says what cannot be understood"))
        .ok()
}

/// One that cannot be reached has ended, which its process shows, or does not read any more.
async fn order(agent: &mut Option<Agent>, order: &Order) {
    if let Some(connection) = agent
        && !matches!(timeout(ANSWER_WITHIN, connection.order(order)).await, Ok(Ok(_)))
    {
        *agent = None;
    }
}

/// QEMU ends by itself when its machine does. What a guest may have caused, such as an abort, is not the host's doing.
fn was_killed(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::KILL.as_raw())
}

impl BoxHandle for MachineHandle {
    fn resize<'a>(&'a self, spec: &'a BoxSpec) -> BoxFuture<'a, Result<(), LaunchError>> {
        async move {
            require_room(spec, self.memory_bytes)?;
            let limits: UseLimits = limits(spec);
            let reason = match self.ask(Order::Resize(limits)).await {
                Reply::Agent(Answer::Resized) => return Ok(()),
                Reply::Agent(Answer::Refused { reason }) => reason,
                Reply::Agent(_) => "the guest answers another question".to_owned(),
                Reply::Ended(_) => "the machine has ended".to_owned(),
                Reply::Silent => format!("the guest did not answer within {ANSWER_WITHIN:?}"),
            };
            Err(LaunchError::Refused {
                step: "resize",
                remedy: "start another box".to_owned(),
                source: reason.into(),
            })
        }
        .boxed()
    }

    /// The runner reads the control group of its box.
    fn meter(&self) -> Option<&dyn BoxMeter> {
        None
    }

    fn post_mortem(&self) -> BoxFuture<'_, PostMortem> {
        async {
            let ending = match self.ask(Order::Examine).await {
                Reply::Agent(Answer::Use(used)) => Ending {
                    used: Some(used),
                    was_killed: false,
                },
                Reply::Agent(_) | Reply::Silent => Ending::default(),
                Reply::Ended(ending) => ending,
            };
            match ending.used {
                Some(used) if used.memory_kills > 0 => PostMortem::OutOfMemory,
                Some(used) if used.memory_kills_by_guest > 0 => PostMortem::EndedByHost,
                _ if ending.was_killed => PostMortem::EndedByHost,
                _ => PostMortem::Unexplained,
            }
        }
        .boxed()
    }

    fn destroy(self: Box<Self>) -> BoxFuture<'static, ()> {
        let Self {
            questions, mut over, ..
        } = *self;
        drop(questions);
        async move {
            // An error means that the task has ended.
            let _ended = over.wait_for(|over| *over).await;
        }
        .boxed()
    }
}
