//! Slots: how many submissions are judged at once, and where.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::sandbox::Seat;

/// All slots of a worker.
#[derive(Debug)]
pub(super) struct Slots {
    seats: Vec<Seat>,
    free: Arc<Mutex<VecDeque<Seat>>>,
    permits: Arc<Semaphore>,
}

/// A slot that is in use. It is free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    seat: Seat,
    free: Arc<Mutex<VecDeque<Seat>>>,
    /// Given back behind `drop`, when the seat is free again.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Slots {
    pub(super) fn new(cpusets: &[String]) -> Self {
        let seats: Vec<Seat> = cpusets
            .iter()
            .enumerate()
            .map(|(slot, cpuset)| Seat {
                slot,
                cpuset: cpuset.clone(),
            })
            .collect();
        Self {
            permits: Arc::new(Semaphore::new(seats.len())),
            free: Arc::new(Mutex::new(seats.clone().into())),
            seats,
        }
    }

    pub(super) fn seats(&self) -> &[Seat] {
        &self.seats
    }

    pub(super) async fn take(&self) -> Slot {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        self.seated(permit)
    }

    pub(super) fn take_idle(&self) -> Option<Slot> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(self.seated(Some(permit)))
    }

    /// The seat that has been free longest: its boxes have had most time to warm.
    fn seated(&self, permit: Option<OwnedSemaphorePermit>) -> Slot {
        let seat = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        Slot {
            seat: seat.unwrap_or_default(),
            free: Arc::clone(&self.free),
            _permit: permit,
        }
    }
}

impl Slot {
    pub(super) fn seat(&self) -> &Seat {
        &self.seat
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let seat = std::mem::take(&mut self.seat);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push_back(seat);
    }
}
