//! The warm boxes of each slot, by kind.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::sandbox::{BoxSpec, Session};
use crate::telemetry::metrics;

/// Of a kind that was not asked for in this time one box only stays warm.
const QUIET: Duration = Duration::from_secs(60);

/// Kinds of boxes that a slot remembers: the one that was asked for longest ago makes room.
const MOST_KINDS: usize = 32;

/// A box that was started ahead, for a lease.
#[derive(Debug)]
pub(super) struct WarmBox {
    pub(super) session: Session,
    /// Its memory and processes are not those that were asked for.
    pub(super) needs_resize: bool,
}

/// The boxes that were started ahead, for all slots.
#[derive(Debug)]
pub(super) struct WarmBoxes {
    warm_boxes: usize,
    /// Whether memory and processes can be changed when a box is leased.
    resizes: bool,
    slots: Vec<SlotBoxes>,
}

#[derive(Debug, Default)]
struct SlotBoxes {
    requested: Notify,
    /// When a lease last found no box of its kind.
    missed: watch::Sender<Option<Instant>>,
    /// Leases that wait for the room that warm boxes would take.
    waiting: AtomicUsize,
    kinds: Mutex<Vec<Kind>>,
}

/// Boxes that differ in nothing but what can be changed when one is leased.
#[derive(Debug)]
struct Kind {
    common: BoxSpec,
    /// The latest request: the next one will likely be like it.
    latest: BoxSpec,
    requested_at: Instant,
    /// How many should be warm. Grows when a box was requested and none was warm.
    wanted: usize,
    warm: VecDeque<(BoxSpec, Session)>,
}

impl WarmBoxes {
    pub(super) fn new(slots: usize, warm_boxes: usize, resizes: bool) -> Self {
        Self {
            warm_boxes,
            resizes,
            slots: (0..slots).map(|_| SlotBoxes::default()).collect(),
        }
    }

    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn ready(&self) -> usize {
        (0..self.slots.len()).map(|slot| count_warm(&self.kinds(slot))).sum()
    }

    /// Notes that boxes like this one will be requested.
    pub(super) fn expect(&self, spec: &BoxSpec) {
        if self.warm_boxes > 0 {
            kind_mut(&mut self.kinds(spec.placement.slot), self.common_of(spec), spec);
            self.slots[spec.placement.slot].requested.notify_one();
        }
    }

    /// A warm box of the kind that is still alive.
    pub(super) fn take(&self, spec: &BoxSpec) -> Option<WarmBox> {
        if self.warm_boxes == 0 {
            return None;
        }
        let mut kinds = self.kinds(spec.placement.slot);
        let kind = kind_mut(&mut kinds, self.common_of(spec), spec);
        let found = take_living(kind, spec);
        if found.is_none() {
            kind.wanted = (kind.wanted + 1).min(self.warm_boxes);
            self.slots[spec.placement.slot]
                .missed
                .send_replace(Some(Instant::now()));
        }
        self.slots[spec.placement.slot].requested.notify_one();
        found
    }

    /// Ends when a box was requested in a slot.
    pub(super) async fn requested(&self, slot: usize) {
        self.slots[slot].requested.notified().await;
    }

    /// When a lease in a slot last found no box of its kind, now and whenever that changes.
    pub(super) fn missed(&self, slot: usize) -> watch::Receiver<Option<Instant>> {
        self.slots[slot].missed.subscribe()
    }

    /// What should be warm in a slot and is not. A box of a kind that was requested longer ago makes room.
    pub(super) fn lacking(&self, slot: usize) -> Option<BoxSpec> {
        if self.slots[slot].waiting.load(Ordering::Relaxed) > 0 {
            return None;
        }
        let mut kinds = self.kinds(slot);
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.requested_at));
        let lacking = kinds.iter().position(|kind| kind.warm.len() < kind.wanted)?;
        if count_warm(&kinds) >= self.warm_boxes {
            let older = kinds.iter_mut().skip(lacking + 1).rev();
            let mut older = older.filter(|kind| !kind.warm.is_empty());
            older.next()?.warm.pop_front();
        }
        Some(BoxSpec {
            purpose: "warm".to_owned(),
            ..kinds[lacking].latest.clone()
        })
    }

    pub(super) fn put(&self, spec: &BoxSpec, session: Session) {
        let common = self.common_of(spec);
        let mut kinds = self.kinds(spec.placement.slot);
        if let Some(kind) = kinds.iter_mut().find(|kind| kind.common == common) {
            kind.warm.push_back((spec.clone(), session));
        }
    }

    /// Destroys what is warm in a slot, where nothing is lacking as long as what comes back lives.
    pub(super) fn make_room(&self, slot: usize) -> Waiting<'_> {
        let waiting = Waiting::in_slot(&self.slots[slot]);
        for kind in self.kinds(slot).iter_mut() {
            kind.warm.clear();
        }
        waiting
    }

    /// Destroys what a burst has left behind, and what has died.
    pub(super) fn trim(&self, slot: usize) {
        for kind in self.kinds(slot).iter_mut() {
            kind.warm.retain_mut(|(_, session)| session.is_alive());
            if kind.requested_at.elapsed() > QUIET {
                kind.wanted = 1;
                kind.warm.truncate(1);
            }
        }
    }

    pub(super) fn clear(&self) {
        for slot in 0..self.slots.len() {
            self.kinds(slot).clear();
        }
    }

    /// Everything that cannot be changed when a box is leased.
    fn common_of(&self, spec: &BoxSpec) -> BoxSpec {
        let spec = BoxSpec {
            purpose: String::new(),
            ..spec.clone()
        };
        if !self.resizes {
            return spec;
        }
        BoxSpec {
            memory_bytes: 0,
            processes: 0,
            ..spec
        }
    }

    fn kinds(&self, slot: usize) -> MutexGuard<'_, Vec<Kind>> {
        self.slots[slot].kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lease that waits for room.
#[derive(Debug)]
pub(super) struct Waiting<'a>(&'a SlotBoxes);

impl<'a> Waiting<'a> {
    fn in_slot(slot: &'a SlotBoxes) -> Self {
        slot.waiting.fetch_add(1, Ordering::Relaxed);
        Self(slot)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
        self.0.requested.notify_one();
    }
}

/// The kind of `spec`, which is requested now.
fn kind_mut<'a>(kinds: &'a mut Vec<Kind>, common: BoxSpec, spec: &BoxSpec) -> &'a mut Kind {
    let at = kinds.iter().position(|kind| kind.common == common).unwrap_or_else(|| {
        if kinds.len() >= MOST_KINDS {
            kinds.sort_by_key(|kind| std::cmp::Reverse(kind.requested_at));
            kinds.truncate(MOST_KINDS - 1);
        }
        kinds.push(Kind {
            common,
            latest: spec.clone(),
            requested_at: Instant::now(),
            wanted: 1,
            warm: VecDeque::new(),
        });
        kinds.len() - 1
    });
    let kind = &mut kinds[at];
    kind.latest = spec.clone();
    kind.requested_at = Instant::now();
    kind
}

fn take_living(kind: &mut Kind, requested: &BoxSpec) -> Option<WarmBox> {
    while let Some((spec, mut session)) = kind.warm.pop_front() {
        if session.is_alive() {
            let needs_resize = (spec.memory_bytes, spec.processes) != (requested.memory_bytes, requested.processes);
            return Some(WarmBox { session, needs_resize });
        }
        metrics().boxes.lost.inc();
        tracing::warn!(box.id = session.id(), "a warm box has died");
    }
    None
}

fn count_warm(kinds: &[Kind]) -> usize {
    kinds.iter().map(|kind| kind.warm.len()).sum()
}
