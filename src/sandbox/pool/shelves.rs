//! The warm boxes of each slot, by kind.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::sandbox::{BoxSpec, Session};
use crate::telemetry::metrics;

/// A kind that nobody has asked for in this time is kept in one box only.
const QUIET: Duration = Duration::from_secs(60);

/// A box for the one who leases it.
#[derive(Debug)]
pub(super) struct Warm {
    pub(super) session: Session,
    /// Its memory and processes are those that were asked for.
    pub(super) fits: bool,
}

/// What waits, for all slots.
#[derive(Debug)]
pub(super) struct Shelves {
    warm_boxes: usize,
    slots: Vec<SlotShelves>,
}

#[derive(Debug, Default)]
struct SlotShelves {
    asked: Notify,
    kinds: Mutex<Vec<Shelf>>,
}

/// Boxes of one kind.
#[derive(Debug)]
struct Shelf {
    kind: BoxSpec,
    /// As it was asked for last: the next one will likely be like it.
    latest: BoxSpec,
    asked: Instant,
    /// Grows when a box was asked for and none was there.
    want: usize,
    warm: VecDeque<(BoxSpec, Session)>,
}

impl Shelves {
    pub(super) fn new(slots: usize, warm_boxes: usize) -> Self {
        Self {
            warm_boxes,
            slots: (0..slots).map(|_| SlotShelves::default()).collect(),
        }
    }

    pub(super) fn ready(&self) -> usize {
        (0..self.slots.len()).map(|slot| warm_of(&self.kinds(slot))).sum()
    }

    /// Notes that boxes like this one will be asked for.
    pub(super) fn expect(&self, spec: &BoxSpec) {
        if self.warm_boxes > 0 {
            shelf(&mut self.kinds(spec.seat.slot), spec);
            self.slots[spec.seat.slot].asked.notify_one();
        }
    }

    /// A box of the kind that is still alive.
    pub(super) fn take(&self, spec: &BoxSpec) -> Option<Warm> {
        if self.warm_boxes == 0 {
            return None;
        }
        let mut kinds = self.kinds(spec.seat.slot);
        let shelf = shelf(&mut kinds, spec);
        let found = take_living(shelf, spec);
        if found.is_none() {
            shelf.want = (shelf.want + 1).min(self.warm_boxes);
        }
        self.slots[spec.seat.slot].asked.notify_one();
        found
    }

    /// Ends when something was asked of a slot.
    pub(super) async fn asked(&self, slot: usize) {
        self.slots[slot].asked.notified().await;
    }

    /// What should be warm in a slot and is not. A box of a kind that was asked for longer ago makes room.
    pub(super) fn lacking(&self, slot: usize) -> Option<BoxSpec> {
        let mut kinds = self.kinds(slot);
        kinds.sort_by_key(|shelf| std::cmp::Reverse(shelf.asked));
        let lacking = kinds.iter().position(|shelf| shelf.warm.len() < shelf.want)?;
        if warm_of(&kinds) >= self.warm_boxes {
            let older = kinds.iter_mut().skip(lacking + 1).rev();
            let mut older = older.filter(|shelf| !shelf.warm.is_empty());
            older.next()?.warm.pop_front();
        }
        Some(BoxSpec {
            purpose: "warm".to_owned(),
            ..kinds[lacking].latest.clone()
        })
    }

    pub(super) fn put(&self, spec: &BoxSpec, session: Session) {
        let kind = kind_of(spec);
        if let Some(shelf) = self.kinds(spec.seat.slot).iter_mut().find(|shelf| shelf.kind == kind) {
            shelf.warm.push_back((spec.clone(), session));
        }
    }

    /// Gives up what a burst has left behind, and what has died.
    pub(super) fn trim(&self, slot: usize) {
        for shelf in self.kinds(slot).iter_mut() {
            shelf.warm.retain_mut(|(_, session)| session.is_alive());
            if shelf.asked.elapsed() > QUIET {
                shelf.want = 1;
                shelf.warm.truncate(1);
            }
        }
    }

    pub(super) fn clear(&self) {
        for slot in 0..self.slots.len() {
            self.kinds(slot).clear();
        }
    }

    fn kinds(&self, slot: usize) -> MutexGuard<'_, Vec<Shelf>> {
        self.slots[slot].kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shelf for boxes like `spec`, which is asked for now.
fn shelf<'a>(kinds: &'a mut Vec<Shelf>, spec: &BoxSpec) -> &'a mut Shelf {
    let kind = kind_of(spec);
    let at = kinds.iter().position(|shelf| shelf.kind == kind).unwrap_or_else(|| {
        kinds.push(Shelf {
            kind,
            latest: spec.clone(),
            asked: Instant::now(),
            want: 1,
            warm: VecDeque::new(),
        });
        kinds.len() - 1
    });
    let shelf = &mut kinds[at];
    shelf.latest = spec.clone();
    shelf.asked = Instant::now();
    shelf
}

fn take_living(shelf: &mut Shelf, wanted: &BoxSpec) -> Option<Warm> {
    while let Some((spec, mut session)) = shelf.warm.pop_front() {
        if session.is_alive() {
            let fits = (spec.memory_bytes, spec.processes) == (wanted.memory_bytes, wanted.processes);
            return Some(Warm { session, fits });
        }
        metrics().boxes_lost.inc();
        tracing::warn!(box.id = session.id(), "a warm box has died");
    }
    None
}

fn warm_of(kinds: &[Shelf]) -> usize {
    kinds.iter().map(|shelf| shelf.warm.len()).sum()
}

/// What makes boxes alike: everything that cannot be changed when one is leased.
fn kind_of(spec: &BoxSpec) -> BoxSpec {
    BoxSpec {
        memory_bytes: 0,
        processes: 0,
        purpose: String::new(),
        ..spec.clone()
    }
}
