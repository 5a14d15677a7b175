//! Who makes the streams of boxes where the settings leave it open: the first of those that work here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bollard::models::SystemInfo;

use crate::config::{DockerSettings, StreamsOf};
use crate::sandbox::docker::streams::{STEP, StreamsMaker, open_directory};
use crate::sandbox::{BackendError, LaunchError, LiveBox};

/// Options of a daemon under which a socket that is made outside is not that of the box's user, or may not be used there.
const MAPPED: [&str; 3] = ["name=rootless", "name=userns", "name=selinux"];

/// Failures in a row after which another maker is tried although this one has worked: the daemon or the proxy may have been
/// started again, with other settings.
const FAILURES: u32 = 3;

/// A trial that is given up so early, with the submission that it was for, says nothing.
const EARLY: Duration = Duration::from_secs(10);

/// Those that may make the streams of boxes. The first box shows which of them can.
#[derive(Debug)]
pub(super) struct StreamsMakers {
    /// The fastest first. The last one works with every daemon, or is what the settings say.
    makers: Vec<StreamsMaker>,
    state: Mutex<State>,
}

/// What is known of them.
#[derive(Debug, Default)]
struct State {
    /// Which of them is used, or tried next.
    current: usize,
    /// A box has got its streams by it.
    works: bool,
    /// Boxes in a row that could not be made since.
    failures: u32,
    /// Only the last one can work.
    is_ruled_out: bool,
}

/// A box that is made with the streams of one of them.
pub(super) struct Trial<'a> {
    makers: &'a StreamsMakers,
    index: usize,
    begun: Instant,
    is_over: bool,
}

impl StreamsMakers {
    /// Those that the settings allow.
    ///
    /// # Errors
    /// When they name the worker, and a directory that cannot be used.
    pub(super) fn open(settings: &DockerSettings) -> Result<Self, BackendError> {
        Ok(Self::of(match settings.streams {
            StreamsOf::Auto => all_that_may_work(settings),
            StreamsOf::Daemon => vec![StreamsMaker::Daemon],
            StreamsOf::Proxy => vec![StreamsMaker::Proxy],
            StreamsOf::Worker => vec![open_directory(&settings.streams_directory)?],
        }))
    }

    fn of(makers: Vec<StreamsMaker>) -> Self {
        Self {
            makers,
            state: Mutex::default(),
        }
    }

    /// Spares the trials where what the daemon says of itself shows that only its own streams work.
    pub(super) fn consider(&self, info: &SystemInfo) {
        let is_ruled_out = maps_users_or_labels(info);
        let mut state = self.state();
        if state.is_ruled_out != is_ruled_out {
            *state = State {
                current: if is_ruled_out { self.last() } else { 0 },
                is_ruled_out,
                ..State::default()
            };
        }
    }

    /// Whether boxes are known to have sockets for their streams.
    pub(super) fn are_sockets(&self) -> bool {
        let state = self.state();
        let maker = self.makers.get(state.current);
        (state.works || self.makers.len() == 1) && !matches!(maker, None | Some(StreamsMaker::Daemon))
    }

    /// For the next box.
    pub(super) fn trial(&self) -> Trial<'_> {
        Trial {
            makers: self,
            index: self.state().current,
            begun: Instant::now(),
            is_over: false,
        }
    }

    /// A box could not be made with the streams of this one; whether another one is to be tried for it.
    fn fails(&self, index: usize) -> bool {
        let mut state = self.state();
        if state.works && state.current == index {
            state.failures += 1;
            if state.failures >= FAILURES && !state.is_ruled_out {
                *state = State::default();
            }
            return false;
        }
        // Another box may have found it out before.
        if state.current == index {
            state.current = (index + 1).min(self.last());
        }
        index < self.last()
    }

    /// A box was made with the streams of this one; whether that is new.
    fn has_worked(&self, index: usize) -> bool {
        let mut state = self.state();
        let is_new = !state.works && index <= state.current;
        if is_new {
            state.current = index;
            state.works = true;
        }
        if state.current == index {
            state.failures = 0;
        }
        is_new
    }

    fn last(&self) -> usize {
        self.makers.len().saturating_sub(1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trial<'_> {
    pub(super) fn maker(&self) -> &StreamsMaker {
        self.makers.makers.get(self.index).unwrap_or(&StreamsMaker::Daemon)
    }

    /// What came of the box; `None` where the next maker is to be tried.
    pub(super) fn ends(mut self, made: Result<LiveBox, LaunchError>) -> Option<Result<LiveBox, LaunchError>> {
        self.is_over = true;
        match made {
            Ok(live) => {
                if self.makers.has_worked(self.index) && self.makers.makers.len() > 1 {
                    tracing::info!(streams = %self.maker(), "boxes get their streams so");
                }
                Some(Ok(live))
            }
            Err(error) if may_be_about_streams(&error) && self.makers.fails(self.index) => {
                tracing::info!(streams = %self.maker(), %error, "a box cannot get its streams so; another way is tried");
                None
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl Drop for Trial<'_> {
    /// A box that takes too long is given up without a word.
    fn drop(&mut self) {
        if !self.is_over && self.begun.elapsed() >= EARLY {
            self.makers.fails(self.index);
        }
    }
}

/// The worker where it has a directory for them, the proxy, and the daemon.
fn all_that_may_work(settings: &DockerSettings) -> Vec<StreamsMaker> {
    let worker = open_directory(&settings.streams_directory).ok();
    let others = [StreamsMaker::Proxy, StreamsMaker::Daemon];
    worker.into_iter().chain(others).collect()
}

fn maps_users_or_labels(info: &SystemInfo) -> bool {
    let options = info.security_options.iter().flatten();
    options
        .map(String::as_str)
        .any(|option| MAPPED.iter().any(|mapped| option.starts_with(mapped)))
}

/// A daemon or a proxy refuses what it does not know, and a runner that cannot come is waited for.
fn may_be_about_streams(error: &LaunchError) -> bool {
    match error {
        LaunchError::Refused { .. } => true,
        LaunchError::Unresponsive { step, .. } => *step == STEP,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_maps_users_or_labels_files_has_the_streams_itself() {
        for (options, maps) in [
            (vec![], false),
            (vec!["name=seccomp,profile=default", "name=cgroupns"], false),
            (vec!["name=seccomp,profile=builtin", "name=rootless"], true),
            (vec!["name=userns"], true),
            (vec!["name=selinux"], true),
        ] {
            let info = SystemInfo {
                security_options: Some(options.iter().map(ToString::to_string).collect()),
                ..SystemInfo::default()
            };
            assert_eq!(maps_users_or_labels(&info), maps, "{options:?}");
        }
    }

    fn refused() -> Result<LiveBox, LaunchError> {
        Err(LaunchError::Refused {
            step: "create",
            remedy: String::new(),
            source: "no".into(),
        })
    }

    #[test]
    fn the_next_maker_is_tried_where_none_has_worked_and_the_last_one_stays() {
        let makers = StreamsMakers::of(vec![StreamsMaker::Proxy, StreamsMaker::Daemon]);
        // Two boxes that are made at once.
        let (first, second) = (makers.trial(), makers.trial());
        assert!(first.ends(refused()).is_none() && second.ends(refused()).is_none());
        let last = makers.trial();
        assert!(matches!(last.maker(), StreamsMaker::Daemon));
        assert!(matches!(last.ends(refused()), Some(Err(_))));
    }

    #[test]
    fn a_maker_that_works_stays_until_it_fails_again_and_again() {
        let makers = StreamsMakers::of(vec![StreamsMaker::Proxy, StreamsMaker::Daemon]);
        let slow = makers.trial();
        assert!(makers.trial().ends(refused()).is_none());
        assert!(
            makers.has_worked(slow.index),
            "a box that was under way with the faster one"
        );
        drop(slow);
        for failure in 0..FAILURES {
            let trial = makers.trial();
            assert!(matches!(trial.maker(), StreamsMaker::Proxy), "{failure}");
            assert!(matches!(trial.ends(refused()), Some(Err(_))));
        }
        assert!(
            makers.trial().ends(refused()).is_none(),
            "it is tried anew, and then the next one"
        );
        assert!(matches!(makers.trial().maker(), StreamsMaker::Daemon));
    }

    #[test]
    fn a_daemon_that_is_started_again_with_other_options_is_considered_anew() {
        let makers = StreamsMakers::of(vec![StreamsMaker::Proxy, StreamsMaker::Daemon]);
        assert!(makers.has_worked(0));
        let mapped = SystemInfo {
            security_options: Some(vec!["name=userns".to_owned()]),
            ..SystemInfo::default()
        };
        makers.consider(&mapped);
        assert!(matches!(makers.trial().maker(), StreamsMaker::Daemon));
        makers.consider(&SystemInfo::default());
        assert!(matches!(makers.trial().maker(), StreamsMaker::Proxy));
    }
}
