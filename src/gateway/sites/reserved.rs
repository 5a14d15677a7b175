//! Places of submissions that a service lets in and that are not counted as in flight yet. Without them, requests that come in
//! the same moment would all find the same free places.
//!
//! The requests of a site take turns. Where one of them has what is in flight counted, the answer holds for all that had come
//! before it was asked for, so that a crowd costs as much as one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// What each site hands in at this moment.
#[derive(Debug, Clone, Default)]
pub(in crate::gateway) struct Reservations(Arc<Mutex<Lines>>);

/// The lines of sites, with the number of those that use each.
type Lines = HashMap<Arc<str>, (usize, Arc<SiteLine>)>;

/// The line of requests of one site that hand in submissions, as long as there is such a request.
#[derive(Debug)]
pub(in crate::gateway) struct Line {
    site: Arc<str>,
    line: Arc<SiteLine>,
    all: Reservations,
}

#[derive(Debug, Default)]
struct SiteLine {
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    /// Requests that wait.
    waiting: usize,
    /// Places that are taken and whose submissions may not be in flight yet.
    reserved: usize,
    /// Numbers arrivals and counts in the order in which they come.
    clock: u64,
    /// The latest count of what is in flight.
    count: Option<Count>,
    /// Submissions that have been handed in since that count began.
    settled: usize,
}

/// What was counted, or why nothing could be.
#[derive(Debug, Clone)]
struct Count {
    began: u64,
    /// There was to be room for so many.
    wanted: usize,
    counted: Result<usize, Arc<str>>,
}

/// When a request came, as far as counts are concerned.
#[derive(Debug, Clone, Copy)]
pub(in crate::gateway) struct Arrival(u64);

/// A request that waits.
#[derive(Debug)]
pub(in crate::gateway) struct Waiting<'a>(&'a SiteLine);

/// Whether there is room for submissions.
#[derive(Debug)]
pub(in crate::gateway) enum Room {
    /// There is, and after them so much is in flight.
    Free(Reserved, usize),
    /// There is none: so many are in flight.
    None(usize),
    /// There may be, once other requests have handed in theirs.
    Later,
    /// That is to be counted, for so many.
    Uncounted(usize),
    /// It cannot be counted.
    Unknown(Arc<str>),
}

/// Places for the submissions of a request. What is left of them is free again when this is dropped.
#[derive(Debug)]
pub(in crate::gateway) struct Reserved(Arc<Places>);

#[derive(Debug)]
struct Places {
    line: Line,
    left: Mutex<usize>,
}

/// What takes a place of its request for one submission, where places are counted, as soon as that is in flight. A submission
/// that is known takes none.
#[derive(Debug, Default)]
pub struct Place(Option<Arc<Places>>);

impl Reservations {
    /// The line of a site.
    pub(in crate::gateway) fn line_of(&self, site: &Arc<str>) -> Line {
        let mut sites = self.lock();
        let (users, line) = sites.entry(Arc::clone(site)).or_default();
        *users += 1;
        Line {
            site: Arc::clone(site),
            line: Arc::clone(line),
            all: self.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// One more request that waits, unless so many do.
    pub(in crate::gateway) fn wait(&self, most: usize) -> Option<Waiting<'_>> {
        let mut state = self.line.lock();
        if state.waiting >= most {
            return None;
        }
        state.waiting += 1;
        Some(Waiting(&self.line))
    }

    /// The turn of a request, behind those that came before.
    pub(in crate::gateway) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.line.turn.lock().await
    }

    /// A request comes: only counts that begin from now on say something about it.
    pub(in crate::gateway) fn arrive(&self) -> Arrival {
        Arrival(self.line.lock().tick())
    }

    /// What other requests do from now on.
    pub(in crate::gateway) fn news(&self) -> watch::Receiver<()> {
        self.line.news.subscribe()
    }

    /// Takes places for `more`, if there are no more than `most` with them. To be asked by the request whose turn it is.
    pub(in crate::gateway) fn room_for(&self, (more, most): (usize, usize), arrival: Arrival) -> Room {
        let mut state = self.line.lock();
        let wanted = state.reserved.saturating_add(more);
        let count = state.count.clone().filter(|count| count.began > arrival.0);
        let Some(count) = count else {
            return Room::Uncounted(wanted);
        };
        let counted = match count.counted {
            Ok(counted) => counted,
            Err(why) => return Room::Unknown(why),
        };
        let in_flight = counted.saturating_add(state.settled).saturating_add(wanted);
        if in_flight <= most {
            state.reserved = wanted;
            let places = Places {
                line: self.all.line_of(&self.site),
                left: Mutex::new(more),
            };
            return Room::Free(Reserved(Arc::new(places)), in_flight);
        }
        // Where there seemed to be room, it was not made sure that nothing is counted that has ended.
        let is_exact = counted.saturating_add(count.wanted) > most;
        match (is_exact, counted.saturating_add(more) > most) {
            (true, true) => Room::None(counted),
            (true, false) if state.reserved > 0 => Room::Later,
            _ => Room::Uncounted(wanted),
        }
    }

    /// What is in flight is going to be counted, to see whether there is room for so many.
    pub(in crate::gateway) fn begin_count(&self) -> Arrival {
        let mut state = self.line.lock();
        (state.count, state.settled) = (None, 0);
        Arrival(state.tick())
    }

    /// Whether a count goes on that was begun.
    pub(in crate::gateway) fn is_counting(&self) -> bool {
        let state = self.line.lock();
        state.count.is_none() && state.clock > 0
    }

    /// So much was counted.
    pub(in crate::gateway) fn end_count(&self, began: Arrival, wanted: usize, counted: Result<usize, Arc<str>>) {
        self.line.lock().count = Some(Count {
            began: began.0,
            wanted,
            counted,
        });
    }
}

impl SiteLine {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Places are taken no longer, and so many submissions are in flight.
    fn give_back(&self, places: usize, settled: usize) {
        let mut state = self.lock();
        state.reserved = state.reserved.saturating_sub(places);
        state.settled = state.settled.saturating_add(settled);
        drop(state);
        self.news.send_replace(());
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

impl Reserved {
    /// A place for one of the submissions, of which some may be known: those that are not take the places.
    pub(in crate::gateway) fn place(&self) -> Place {
        Place(Some(Arc::clone(&self.0)))
    }
}

impl Places {
    fn left(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of them, unless all are taken.
    fn take(&self) -> usize {
        let mut left = self.left();
        let taken = (*left).min(1);
        *left -= taken;
        taken
    }
}

impl Place {
    /// The submission is counted as in flight from now on.
    pub fn settle(self) {
        if let Some(places) = self.0 {
            places.line.line.give_back(places.take(), 1);
        }
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        self.line.line.give_back(*self.left(), 0);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.waiting = state.waiting.saturating_sub(1);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut sites = self.all.lock();
        if let Some((users, _line)) = sites.get_mut(&self.site) {
            *users -= 1;
            if *users == 0 {
                sites.remove(&self.site);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &Line, wanted: usize, counted: usize) {
        let began = line.begin_count();
        line.end_count(began, wanted, Ok(counted));
    }

    fn reserved(room: Room) -> Reserved {
        match room {
            Room::Free(reserved, _in_flight) => reserved,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_handed_in_counts_once_whether_it_is_counted_already_or_not() {
        let all = Reservations::default();
        let line = all.line_of(&"site".into());
        let first = line.arrive();
        assert!(matches!(line.room_for((3, 4), first), Room::Uncounted(3)));
        count(&line, 3, 0);
        let three = reserved(line.room_for((3, 4), first));
        assert!(matches!(line.room_for((2, 4), first), Room::Uncounted(5)));
        count(&line, 5, 0);
        assert!(matches!(line.room_for((2, 4), first), Room::Later));
        three.place().settle();
        drop(three.place());
        assert!(
            matches!(line.room_for((2, 4), first), Room::Later),
            "two are not in flight yet"
        );
        assert!(
            matches!(line.room_for((1, 4), line.arrive()), Room::Uncounted(3)),
            "what was counted before it came says nothing"
        );
        drop(three);
        let two = reserved(line.room_for((2, 4), first));
        count(&line, 4, 1);
        assert!(matches!(line.room_for((2, 4), first), Room::Later));
        assert!(matches!(line.room_for((4, 4), first), Room::None(1)));
        drop((two, line));
        assert_eq!(all.lock().len(), 0, "sites that hand in nothing take up nothing");
    }

    #[test]
    fn what_is_new_takes_the_places_whatever_known_submissions_are_handed_in_beside_it() {
        let all = Reservations::default();
        let line = all.line_of(&"site".into());
        let first = line.arrive();
        count(&line, 2, 0);
        // Of four submissions, two are known.
        let two = reserved(line.room_for((2, 3), first));
        let mut places: Vec<Place> = (0..4).map(|_| two.place()).collect();
        for place in places.drain(2..) {
            place.settle();
        }
        drop((places, two));
        assert!(
            matches!(line.room_for((2, 3), first), Room::Uncounted(2)),
            "what was counted before does not hold two more"
        );
        count(&line, 2, 2);
        assert!(matches!(line.room_for((2, 3), first), Room::None(2)));
        let one = reserved(line.room_for((1, 3), first));
        drop(one);
    }
}
