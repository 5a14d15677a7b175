//! Places for submissions among those that a site may have in flight.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::gateway::EngineError;
use crate::gateway::sites::reserved::{Line, Reserved, Room};

/// How long a request waits for others of its site, which are being handed in at this moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// A pause before what is in flight is counted again, where others have handed in some of theirs.
const PAUSE: Duration = Duration::from_millis(25);

/// Requests of a site that wait. Each holds its submissions in memory.
const MOST_WAITING: usize = 1000;

/// Why there are no places.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::gateway) enum NoPlaces {
    /// So many are in flight.
    None(usize),
    /// Too many are being handed in at this moment.
    Crowd,
    /// What is in flight cannot be counted.
    Unknown(Arc<str>),
}

/// Places for `more` of at most so many, and how much is in flight with them. `count` counts what is in flight, and makes sure
/// that none is counted that has ended where there would be no room for so many more.
pub(in crate::gateway) async fn reserve<C>(
    line: &Line,
    bounds: (usize, usize),
    count: impl Fn(usize) -> C,
) -> Result<(Reserved, usize), NoPlaces>
where
    C: Future<Output = Result<usize, EngineError>>,
{
    let _waiting = line.wait(MOST_WAITING).ok_or(NoPlaces::Crowd)?;
    let reserving = reserve_in_turn(line, bounds, count);
    let reserved = timeout(PATIENCE, reserving).await;
    reserved.unwrap_or_else(|_elapsed| match line.is_counting() {
        true => Err(NoPlaces::Unknown("it is not known in time what is in flight".into())),
        false => Err(NoPlaces::Crowd),
    })
}

async fn reserve_in_turn<C>(
    line: &Line,
    bounds: (usize, usize),
    count: impl Fn(usize) -> C,
) -> Result<(Reserved, usize), NoPlaces>
where
    C: Future<Output = Result<usize, EngineError>>,
{
    let (mut news, mut arrival) = (line.news(), line.arrive());
    let _turn = line.turn().await;
    loop {
        news.mark_unchanged();
        match line.room_for(bounds, arrival) {
            Room::Free(places, in_flight) => return Ok((places, in_flight)),
            Room::None(counted) => return Err(NoPlaces::None(counted)),
            Room::Unknown(why) => return Err(NoPlaces::Unknown(why)),
            Room::Uncounted(wanted) => {
                let began = line.begin_count();
                line.end_count(began, wanted, count(wanted).await.map_err(why));
            }
            Room::Later => {
                // The sender lives as long as the line.
                let _news = news.changed().await;
                sleep(PAUSE).await;
                arrival = line.arrive();
            }
        }
    }
}

fn why(error: EngineError) -> Arc<str> {
    match error {
        EngineError::Unavailable(why) => why.into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt as _;
    use futures::future::{join_all, pending};

    use super::*;
    use crate::gateway::sites::reserved::Reservations;

    /// A database that takes its time.
    #[derive(Default)]
    struct Database {
        rows: AtomicUsize,
        asked: AtomicUsize,
    }

    impl Database {
        async fn count(&self) -> Result<usize, EngineError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let counted = self.rows.load(Ordering::Relaxed);
            sleep(Duration::from_millis(5)).await;
            Ok(counted)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_at_its_quota_is_refused_at_once_and_costs_as_much_as_one() {
        let (all, database) = (Reservations::default(), Database::default());
        database.rows.store(10, Ordering::Relaxed);
        let crowd = (0..500).map(|_| async {
            let line = all.line_of(&"site".into());
            reserve(&line, (1, 10), |_wanted| database.count()).await.map(drop)
        });
        let refused = join_all(crowd).await;
        assert!(
            refused.iter().all(|refused| *refused == Err(NoPlaces::None(10))),
            "{refused:?}"
        );
        assert!(database.asked.load(Ordering::Relaxed) <= 2, "{:?}", database.asked);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_gets_the_places_that_there_are_and_waits_only_for_what_is_being_handed_in() {
        let (all, database) = (Reservations::default(), Database::default());
        let handed_in = (0..100).map(|_| async {
            let line = all.line_of(&"site".into());
            let (places, _in_flight) = reserve(&line, (2, 40), |_wanted| database.count()).await?;
            for _ in 0..2 {
                sleep(Duration::from_millis(100)).await;
                database.rows.fetch_add(1, Ordering::Relaxed);
                places.place().settle();
            }
            Ok::<(), NoPlaces>(())
        });
        let ended = join_all(handed_in).await;
        assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 20);
        assert!(
            ended
                .iter()
                .flat_map(|ended| ended.as_ref().err())
                .all(|error| *error == NoPlaces::None(40))
        );
        assert!(database.asked.load(Ordering::Relaxed) < 20, "{:?}", database.asked);
    }

    #[tokio::test(start_paused = true)]
    async fn who_would_wait_too_long_is_refused_and_so_is_who_comes_behind_too_many() {
        let (all, database) = (Reservations::default(), Database::default());
        let line = all.line_of(&"site".into());
        let (_held, _) = reserve(&line, (2, 2), |_wanted| database.count()).await.unwrap();
        let late = reserve(&line, (1, 2), |_wanted| database.count()).await;
        assert_eq!(late.map(drop), Err(NoPlaces::Crowd));
        let unknown = reserve(&line, (1, 2), |_wanted| pending()).await;
        assert!(matches!(unknown, Err(NoPlaces::Unknown(_))), "{unknown:?}");
        let other = all.line_of(&"other".into());
        let mut waiting: Vec<_> = (0..MOST_WAITING)
            .map(|_| Box::pin(reserve(&other, (1, 2), |_wanted| pending())))
            .collect();
        assert!(waiting.iter_mut().all(|waiting| waiting.now_or_never().is_none()));
        let behind = reserve(&other, (1, 2), |_wanted| database.count()).now_or_never();
        assert_eq!(behind.unwrap().map(drop), Err(NoPlaces::Crowd));
    }
}
