//! Callbacks of a standalone service: in memory, bounded in number, and lost when the process ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::contract::CallbackTarget;
use crate::gateway::{EngineError, Entry, SiteCounts, UnderWay};
use crate::serve::callbacks::{callback_of, send};
use crate::webhook::{Sent, Webhooks, pause_after};

/// Callbacks that wait for their answers, or to be tried again.
#[derive(Debug)]
pub(super) struct MemoryCallbacks {
    webhooks: Arc<Webhooks>,
    room: Room,
    tasks: Mutex<JoinSet<()>>,
}

/// Room for callbacks, of which one that is not taken holds its place for days.
#[derive(Debug)]
struct Room {
    most: usize,
    /// Whether there are sites that are told apart.
    has_sites: bool,
    held: SiteCounts,
}

impl Room {
    fn of(most: usize, has_sites: bool) -> Self {
        Self {
            most,
            has_sites,
            held: SiteCounts::default(),
        }
    }

    /// Room for one more. A site has at most half of what the others leave, so that one whose receiver is away leaves some to
    /// them, and two leave some to a third one.
    fn reserve(&self, site: &Arc<str>) -> Result<UnderWay, EngineError> {
        let may = |own, held: &HashMap<_, usize>| {
            let left = self.most.saturating_sub(held.values().sum::<usize>() - own);
            let allowed = match self.has_sites {
                true => left.div_ceil(2),
                false => left,
            };
            own < allowed
        };
        self.held.begin_if(site, may).map_err(|own| {
            EngineError::Unavailable(format!(
                "{own} callbacks of {site} wait already; all sites share {} places, and one has at most half of those that \
                 the others leave (serve.max_callbacks)",
                self.most
            ))
        })
    }
}

impl MemoryCallbacks {
    /// Room for so many, which sites share where there are several.
    pub(super) fn new(webhooks: Arc<Webhooks>, most: usize, has_sites: bool) -> Self {
        Self {
            webhooks,
            room: Room::of(most, has_sites),
            tasks: Mutex::default(),
        }
    }

    /// Room for one more of a site, before its submission is taken.
    pub(super) fn reserve(&self, site: &Arc<str>) -> Result<UnderWay, EngineError> {
        self.room.reserve(site)
    }

    /// Sends the answer once there is one.
    pub(super) fn follow(&self, entry: Arc<Entry>, target: CallbackTarget, room: UnderWay) {
        let webhooks = Arc::clone(&self.webhooks);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            deliver(&webhooks, &entry, target).await;
            drop(room);
        });
    }
}

async fn deliver(webhooks: &Webhooks, entry: &Entry, target: CallbackTarget) {
    entry.until_ended().await;
    if entry.is_forgotten() {
        return;
    }
    let callback = callback_of(entry, target);
    let mut tries = 0;
    loop {
        tries += 1;
        let reason = match send(webhooks, callback.clone(), &entry.trace).await {
            Sent::Delivered => return,
            Sent::Gone => "nothing is wanted there any more (410)".to_owned(),
            Sent::Failed(reason) => match pause_after(tries) {
                Some(pause) => {
                    sleep(pause).await;
                    continue;
                }
                None => reason.to_string(),
            },
        };
        tracing::warn!(submission.id = %entry.id, reason, tries, "a callback is given up");
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many as it gets.
    fn fill(room: &Room, site: &str) -> Vec<UnderWay> {
        std::iter::from_fn(|| room.reserve(&site.into()).ok()).collect()
    }

    #[test]
    fn sites_whose_receivers_are_away_leave_room_to_others() {
        let room = Room::of(100, true);
        let dead: Vec<_> = ["one", "two", "three"].iter().map(|site| fill(&room, site)).collect();
        assert_eq!(dead.iter().map(Vec::len).collect::<Vec<_>>(), [50, 25, 13]);
        assert!(room.reserve(&"alive".into()).is_ok());
        drop(dead);
        assert!(room.held.is_empty(), "sites without a callback take up nothing");
        assert_eq!(fill(&Room::of(1, true), "one").len(), 1);
    }

    #[test]
    fn a_service_without_tokens_has_one_site_with_all_of_the_room() {
        let room = Room::of(3, false);
        let mut held = fill(&room, "local");
        assert_eq!(held.len(), 3);
        held.pop();
        assert!(room.reserve(&"local".into()).is_ok());
        assert!(Room::of(0, false).reserve(&"local".into()).is_err());
    }
}
