//! Who makes the streams of boxes where the settings leave it open: the first of those that work here.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bollard::models::SystemInfo;

use crate::config::{DockerSettings, StreamsOf};
use crate::sandbox::docker::streams::{STEP, StreamsMaker, open_directory};
use crate::sandbox::{BackendError, LaunchError, LiveBox};

/// Options of a daemon under which a socket that is made outside is not that of the box's user, or may not be used there.
const MAPPED: [&str; 3] = ["name=rootless", "name=userns", "name=selinux"];

/// Those that may make the streams of boxes. The first box shows which of them can.
#[derive(Debug)]
pub(super) struct StreamsMakers {
    /// The fastest first. The last one works with every daemon, or is what the settings say.
    makers: Vec<StreamsMaker>,
    /// Which of them is used, or tried next.
    current: AtomicUsize,
    /// A box has got its streams by it.
    works: AtomicBool,
}

/// A box that is made with the streams of one of them. Where it ends without a word, as by a timeout, so does its maker.
pub(super) struct Trial<'a> {
    makers: &'a StreamsMakers,
    index: usize,
    is_over: bool,
}

impl StreamsMakers {
    /// Those that the settings allow.
    ///
    /// # Errors
    /// When they name the worker, and a directory that cannot be used.
    pub(super) fn open(settings: &DockerSettings) -> Result<Self, BackendError> {
        let makers = match settings.streams {
            StreamsOf::Auto => all_that_may_work(settings),
            StreamsOf::Daemon => vec![StreamsMaker::Daemon],
            StreamsOf::Proxy => vec![StreamsMaker::Proxy],
            StreamsOf::Worker => vec![open_directory(&settings.streams_directory)?],
        };
        Ok(Self {
            makers,
            current: AtomicUsize::new(0),
            works: AtomicBool::new(false),
        })
    }

    /// Spares the trials where what the daemon says of itself shows that only its own streams work.
    pub(super) fn consider(&self, info: &SystemInfo) {
        if !self.works.load(Ordering::Relaxed) && maps_users_or_labels(info) {
            self.current
                .store(self.makers.len().saturating_sub(1), Ordering::Relaxed);
        }
    }

    /// For the next box.
    pub(super) fn trial(&self) -> Trial<'_> {
        Trial {
            makers: self,
            index: self.current.load(Ordering::Relaxed),
            is_over: false,
        }
    }

    /// The one behind `index` is next, where there is one and none is known to work; whether it is so.
    fn give_up(&self, index: usize) -> bool {
        if self.works.load(Ordering::Relaxed) || index + 1 >= self.makers.len() {
            return false;
        }
        // Another box may have found it out before.
        let _known = self
            .current
            .compare_exchange(index, index + 1, Ordering::Relaxed, Ordering::Relaxed);
        true
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
                self.has_worked();
                Some(Ok(live))
            }
            Err(error) if may_be_about_streams(&error) && self.makers.give_up(self.index) => {
                tracing::debug!(streams = %self.maker(), %error, "boxes cannot get their streams so; another way is tried");
                None
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn has_worked(&self) {
        let is_known = self.makers.works.load(Ordering::Relaxed);
        if is_known || self.makers.current.load(Ordering::Relaxed) != self.index {
            return;
        }
        self.makers.works.store(true, Ordering::Relaxed);
        if self.makers.makers.len() > 1 {
            tracing::info!(streams = %self.maker(), "boxes get their streams so");
        }
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.makers.give_up(self.index);
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

    #[test]
    fn a_maker_that_has_made_a_box_stays_and_the_last_one_does_so_anyway() {
        let makers = StreamsMakers {
            makers: vec![StreamsMaker::Proxy, StreamsMaker::Daemon],
            current: AtomicUsize::new(0),
            works: AtomicBool::new(false),
        };
        let refused = || LaunchError::Refused {
            step: "create",
            remedy: String::new(),
            source: "no".into(),
        };
        assert!(makers.trial().ends(Err(refused())).is_none());
        assert!(matches!(makers.trial().maker(), StreamsMaker::Daemon));
        assert!(matches!(makers.trial().ends(Err(refused())), Some(Err(_))));
        makers.current.store(0, Ordering::Relaxed);
        drop(makers.trial());
        assert!(
            matches!(makers.trial().maker(), StreamsMaker::Daemon),
            "a box took too long"
        );
        makers.current.store(0, Ordering::Relaxed);
        makers.works.store(true, Ordering::Relaxed);
        assert!(matches!(makers.trial().ends(Err(refused())), Some(Err(_))));
        assert!(matches!(makers.trial().maker(), StreamsMaker::Proxy));
    }
}
