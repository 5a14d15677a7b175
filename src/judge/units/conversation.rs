//! One run of pytest, and the processes of the submission that it asks, one after the other.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::judge::boxes::Boxes;
use crate::judge::plan::Plan;
use crate::judge::run::attempt::{AttemptError, PIECES_IN_FLIGHT};
use crate::judge::run::request::{a_little_beyond, process_request, run_limits};
use crate::judge::units::lines::{Line, Lines, Request, Splitter};
use crate::judge::units::reports::Reports;
use crate::judge::units::waits::Waits;
use crate::sandbox::{Input, RunFacts, RunStreams, Stopped};

/// An answer, in bytes, at most.
const ANSWER: usize = 8 << 20;

/// What the tests are told when a process has ended.
const HAS_ENDED: &str = "the program ended before it answered";

/// A run of pytest.
pub(super) struct Conversation<'a, 'b> {
    pub(super) boxes: &'a mut Boxes<'b>,
    pub(super) plan: &'a Plan,
    pub(super) reports: &'a mut Reports,
    pub(super) lines: Lines,
    pub(super) answers: mpsc::Sender<Bytes>,
    /// How long the tests may be silent.
    pub(super) silence: Duration,
    /// Ends pytest.
    pub(super) kill: CancellationToken,
}

/// Why a process is asked no more.
enum Over {
    /// It has ended by itself, or took too long.
    Died { too_long: bool },
    /// Another one is asked.
    Next(Request),
    /// The tests have ended.
    Tests,
}

impl Conversation<'_, '_> {
    /// Takes part until pytest ends.
    pub(super) async fn run(mut self) -> Result<(), AttemptError> {
        // The last process that was asked, which has ended.
        let mut ended = None;
        loop {
            let Ok(line) = timeout(self.silence, self.lines.next()).await else {
                self.kill.cancel();
                return Ok(());
            };
            match line {
                None => return Ok(()),
                Some(Line::Unreadable) => {
                    self.reports.is_unreadable = true;
                    self.kill.cancel();
                    return Ok(());
                }
                Some(Line::Report(report)) => self.reports.add(report),
                Some(Line::Request(request)) if ended == Some(request.process) => {
                    self.reports.asked = true;
                    say_ended(&self.answers, request.process).await;
                }
                Some(Line::Request(request)) => {
                    let mut next = Some(request);
                    while let Some(request) = next {
                        ended = Some(request.process);
                        next = self.ask(request).await?;
                    }
                    if self.reports.is_unreadable {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Starts a process for a request, and asks it until it ends or is needed no longer.
    async fn ask(&mut self, request: Request) -> Result<Option<Request>, AttemptError> {
        let options = self.boxes.options();
        // pytest waits in its own box.
        let session = self.boxes.ready_beside(true).await?;
        let limits = run_limits(&self.plan.limits, options);
        let run = process_request(self.plan, options, session.forks());
        let (requests, input) = mpsc::channel(PIECES_IN_FLIGHT);
        let (output, answers) = mpsc::channel(PIECES_IN_FLIGHT);
        let kill = CancellationToken::new();
        let streams = RunStreams {
            input: Input::Channel(input),
            output: Some(output),
            kill: kill.clone(),
        };
        let wall = Duration::from_micros(a_little_beyond(limits.wall_us, options));
        let talk = Talk {
            process: request.process,
            user: self.reports.current(),
            waits: Waits::asked(wall, self.silence, session.starved()),
            reports: self.reports,
            lines: &mut self.lines,
            tests: &self.answers,
            requests,
            answers,
            kill_tests: &self.kill,
        };
        let talking = async {
            let done = talk.run(request).await;
            kill.cancel();
            done
        };
        let (ran, (over, user, taken)) = tokio::join!(session.run(&run, streams), talking);
        let facts = settled(ran.map_err(AttemptError::Box)?, taken, &over);
        self.retire_spoiled(&facts);
        // One that was at a limit when it was needed no longer has died of it.
        let at_limit = matches!(facts.stopped, Some(Stopped::Cpu | Stopped::Output(_))) || facts.had_memory_kill();
        let has_died = matches!(over, Over::Died { .. });
        self.reports.process_ended(user, facts, has_died || at_limit);
        Ok(match over {
            Over::Next(request) => Some(request),
            _ => None,
        })
    }

    fn retire_spoiled(&mut self, facts: &RunFacts) {
        if facts.zygote_end.is_some() {
            self.boxes.lose_zygote();
        } else if facts.had_memory_kill() {
            self.boxes.retire();
        }
    }
}

/// The time on the wall is that of its answers.
fn settled(facts: RunFacts, taken: Duration, over: &Over) -> RunFacts {
    let too_long = matches!(over, Over::Died { too_long: true });
    RunFacts {
        wall_us: u64::try_from(taken.as_micros()).unwrap_or(u64::MAX),
        stopped: if too_long { Some(Stopped::Wall) } else { facts.stopped },
        ..facts
    }
}

/// The tests with one process.
struct Talk<'a> {
    process: u64,
    /// The last test that asked it.
    user: Option<usize>,
    waits: Waits,
    reports: &'a mut Reports,
    lines: &'a mut Lines,
    tests: &'a mpsc::Sender<Bytes>,
    requests: mpsc::Sender<Bytes>,
    answers: mpsc::Receiver<Bytes>,
    kill_tests: &'a CancellationToken,
}

impl Talk<'_> {
    /// Until one of the two has ended. Says why, which test was the last, and how long the answers took.
    async fn run(mut self, first: Request) -> (Over, Option<usize>, Duration) {
        self.forward(first).await;
        let mut splitter = Splitter::default();
        let over = loop {
            tokio::select! {
                piece = self.answers.recv() => match piece {
                    Some(piece) if splitter.pending() + piece.len() <= ANSWER => {
                        splitter.push(&piece);
                        while let Some(answer) = splitter.line() {
                            self.answer(&answer).await;
                        }
                    }
                    _ => break Over::Died { too_long: false },
                },
                line = self.lines.next() => match line {
                    None => break Over::Tests,
                    Some(Line::Unreadable) => {
                        self.reports.is_unreadable = true;
                        self.kill_tests.cancel();
                        break Over::Tests;
                    }
                    Some(Line::Report(report)) => self.reports.add(report),
                    Some(Line::Request(request)) if request.process == self.process => self.forward(request).await,
                    Some(Line::Request(request)) => break Over::Next(request),
                },
                () = sleep_until(self.waits.deadline()) => {
                    if self.waits.is_asked() {
                        break Over::Died { too_long: true };
                    }
                    self.kill_tests.cancel();
                    break Over::Tests;
                }
            }
        };
        if let Over::Died { .. } = over
            && self.waits.is_asked()
        {
            say_ended(self.tests, self.process).await;
        }
        (over, self.user, self.waits.taken())
    }

    async fn forward(&mut self, request: Request) {
        self.user = self.reports.current().or(self.user);
        self.reports.asked = true;
        self.waits.ask();
        // A process that reads no more has ended, or is about to, or takes too long, which is looked at next.
        let _is_read = timeout_at(self.waits.deadline(), self.requests.send(request.data)).await;
    }

    /// What was not asked for is passed over.
    async fn answer(&mut self, answer: &[u8]) {
        if !self.waits.answer() {
            return;
        }
        let line = [format!("<{} ", self.process).as_bytes(), answer, b"\n"].concat();
        // Tests that read no more have ended, which the next line says.
        let _is_read = self.tests.send(line.into()).await;
    }
}

async fn say_ended(tests: &mpsc::Sender<Bytes>, process: u64) {
    let line = format!("!{process} {HAS_ENDED}\n");
    // Tests that read no more have ended, which the next line says.
    let _is_read = tests.send(line.into()).await;
}
