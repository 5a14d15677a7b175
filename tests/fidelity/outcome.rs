//! What is seen of a run, and how the runs are spread.

use std::pin::Pin;

use futures::future::join_all;

use crate::LANES;
use crate::programs::Program;

/// What is seen of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// `exit 0`, `signal 9`, and why it was killed if it was.
    pub(crate) end: String,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Outcome {
    /// What is seen of a program that no zygote runs: the judge starts an interpreter for it.
    pub(crate) fn not_forked() -> Self {
        Self {
            end: NOT_FORKED.to_owned(),
            stdout: Vec::new(),
            stderr: Vec::new(),
        }
    }

    pub(crate) fn is_not_forked(&self) -> bool {
        self.end == NOT_FORKED
    }
}

const NOT_FORKED: &str = "not forked";

/// A place where one program after the other runs, none of them seeing the others.
pub(crate) trait Place {
    fn run<'a>(&'a mut self, program: &'a Program) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>;
    fn leave(self) -> impl Future<Output = ()>;
}

/// Runs every program as often as it asks for, over several places at once.
pub(crate) async fn over_lanes<P: Place, F: Future<Output = P>>(
    programs: &[Program],
    open: impl Fn() -> F,
) -> Vec<Vec<Outcome>> {
    let next = std::cell::Cell::new(0);
    let lane = async || {
        let mut place = open().await;
        let mut seen = Vec::new();
        while let Some(program) = programs.get(next.get()) {
            let index = next.replace(next.get() + 1);
            let mut outcomes = Vec::new();
            for _ in 0..program.runs() {
                outcomes.push(place.run(program).await);
            }
            seen.push((index, outcomes));
        }
        place.leave().await;
        seen
    };
    let lanes = (0..LANES.min(programs.len())).map(|_| lane());
    let mut seen: Vec<_> = join_all(lanes).await.into_iter().flatten().collect();
    seen.sort_by_key(|(index, _)| *index);
    seen.into_iter().map(|(_, outcomes)| outcomes).collect()
}
