//! How often something may happen, on average over ten seconds, and how much of that is left.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock, Reference as _};
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota as Rate, RateLimiter};

/// What is allowed comes in bursts: so many seconds' worth may come at once.
pub(in crate::gateway) const BURST_SECONDS: u32 = 10;

/// The state of a limiter, which is looked at from beside it.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<InMemoryState>);

impl StateStore for Shared {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, key: &NotKeyed, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, f)
    }
}

/// Counts what happens.
#[derive(Debug)]
pub(in crate::gateway) struct Meter {
    limiter: RateLimiter<NotKeyed, Shared, DefaultClock>,
    state: Shared,
    clock: DefaultClock,
    since: <DefaultClock as governor::clock::Clock>::Instant,
    rate: Rate,
}

/// Why something may not happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) enum NotNow {
    /// It may after this time.
    Until(Duration),
    /// It is more than may ever happen at once.
    Never {
        /// As much as may.
        most: u32,
    },
}

/// How much may happen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gateway) struct Left {
    pub(in crate::gateway) most: u32,
    pub(in crate::gateway) now: u32,
    /// After this time there is more, where nothing is left, and else as much as there may be.
    pub(in crate::gateway) more_in: Duration,
}

impl Meter {
    /// So many in a second.
    pub(in crate::gateway) fn of(per_second: NonZeroU32) -> Self {
        let seconds = NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1);
        let rate = Rate::per_second(per_second).allow_burst(per_second.saturating_mul(seconds));
        let (state, clock) = (Shared::default(), DefaultClock::default());
        Self {
            since: clock.now(),
            limiter: RateLimiter::new(rate, state.clone(), clock.clone()),
            state,
            clock,
            rate,
        }
    }

    /// Counts so many, all of them or none.
    pub(in crate::gateway) fn take(&self, many: NonZeroU32) -> Result<(), NotNow> {
        match self.limiter.check_n(many) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => Err(NotNow::Until(not_until.wait_time_from(self.clock.now()))),
            Err(never) => Err(NotNow::Never { most: never.0 }),
        }
    }

    /// How much is left, of which nothing is taken.
    pub(in crate::gateway) fn left(&self) -> Left {
        // An error leaves the state as it is, and brings out what it was: when all that was taken will be there again.
        let found = self.state.measure_and_replace(&NotKeyed::NonKey, Err::<((), Nanos), _>);
        let whole_at = found.err().flatten().map_or(0, Nanos::as_u64);
        let now = self.clock.now().duration_since(self.since).as_u64();
        let interval = Nanos::from(self.rate.replenish_interval()).as_u64().max(1);
        let most = self.rate.burst_size().get();
        let taken = whole_at.saturating_sub(now);
        let of_all = interval.saturating_mul(u64::from(most));
        let left = of_all.saturating_sub(taken) / interval;
        let more_in = match left {
            0 => taken.saturating_sub(of_all.saturating_sub(interval)),
            _ => taken,
        };
        Left {
            most,
            now: u32::try_from(left).unwrap_or(most),
            more_in: Duration::from_nanos(more_in),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    #[test]
    fn what_is_left_is_told_and_looking_at_it_takes_nothing() {
        // One in a second, so that none comes back while the test runs.
        let meter = Meter::of(many(1));
        for _ in 0..3 {
            assert_eq!(meter.left().now, 10);
        }
        meter.take(many(7)).unwrap();
        let left = meter.left();
        assert_eq!((left.most, left.now), (10, 3));
        assert!(
            left.more_in > Duration::from_secs(6) && left.more_in <= Duration::from_secs(7),
            "{left:?}"
        );
        let refused = meter.take(many(4)).unwrap_err();
        assert!(
            matches!(refused, NotNow::Until(wait) if wait <= Duration::from_secs(1)),
            "{refused:?}"
        );
        assert_eq!(meter.left().now, 3, "all of them or none");
        meter.take(many(3)).unwrap();
        let left = meter.left();
        assert_eq!(left.now, 0);
        assert!(left.more_in <= Duration::from_secs(1), "{left:?}");
        assert_eq!(meter.take(many(11)), Err(NotNow::Never { most: 10 }));
    }
}
