//! Slots: how many submissions are judged at once, and where.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::sandbox::SlotPlacement;

/// All slots of a worker.
#[derive(Debug)]
pub(super) struct Slots {
    placements: Vec<SlotPlacement>,
    free: Arc<Mutex<VecDeque<SlotPlacement>>>,
    permits: Arc<Semaphore>,
    /// Whether each slot is in use.
    in_use: Vec<watch::Sender<bool>>,
}

/// A slot that is in use. It is free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    placement: SlotPlacement,
    free: Arc<Mutex<VecDeque<SlotPlacement>>>,
    in_use: Option<watch::Sender<bool>>,
    /// Given back behind `drop`, when the placement is free again.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Slots {
    pub(super) fn new(cpusets: &[String]) -> Self {
        let placements: Vec<SlotPlacement> = cpusets
            .iter()
            .enumerate()
            .map(|(slot, cpuset)| SlotPlacement {
                slot,
                cpuset: cpuset.clone(),
            })
            .collect();
        Self {
            permits: Arc::new(Semaphore::new(placements.len())),
            free: Arc::new(Mutex::new(placements.clone().into())),
            in_use: placements.iter().map(|_| watch::Sender::new(false)).collect(),
            placements,
        }
    }

    pub(super) fn placements(&self) -> &[SlotPlacement] {
        &self.placements
    }

    /// Whether the slot of this number is in use, now and whenever that changes.
    pub(super) fn in_use(&self, slot: usize) -> Option<watch::Receiver<bool>> {
        self.in_use.get(slot).map(watch::Sender::subscribe)
    }

    pub(super) async fn take(&self) -> Slot {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        self.placed(permit)
    }

    pub(super) fn take_idle(&self) -> Option<Slot> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(self.placed(Some(permit)))
    }

    /// The placement that has been free longest: its boxes have had most time to warm.
    fn placed(&self, permit: Option<OwnedSemaphorePermit>) -> Slot {
        let placement = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let placement = placement.unwrap_or_default();
        let in_use = self.in_use.get(placement.slot).cloned();
        if let Some(in_use) = &in_use {
            in_use.send_replace(true);
        }
        Slot {
            placement,
            in_use,
            free: Arc::clone(&self.free),
            _permit: permit,
        }
    }
}

impl Slot {
    pub(super) fn placement(&self) -> &SlotPlacement {
        &self.placement
    }

    /// The CPUs of its boxes, as in `cpuset(7)`; empty where they may run on all.
    pub fn cpuset(&self) -> &str {
        &self.placement.cpuset
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(in_use) = &self.in_use {
            in_use.send_replace(false);
        }
        let placement = std::mem::take(&mut self.placement);
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(placement);
    }
}
