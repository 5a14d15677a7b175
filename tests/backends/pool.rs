//! Boxes that are started ahead, and the slots that they are for.

use assize::sandbox::Pool;

use crate::fixture::{TestBoxes, run};
use crate::small_box::small_box;
use crate::waiting::eventually;

/// Waits until so many boxes are warm.
pub(crate) async fn until_warm(pool: &Pool, count: usize) {
    eventually(&format!("{count} boxes are warm"), async || pool.ready() == count).await;
}

pub(crate) async fn a_warm_box_is_leased_and_another_one_takes_its_place(boxes: &TestBoxes) {
    let pool = boxes.pool(1, 1);
    pool.expect(&small_box());
    until_warm(&pool, 1).await;
    let slot = pool.slot().await;
    let mut leased = Vec::new();
    for _ in 0..2 {
        let mut session = pool.lease(&slot, &small_box()).await.unwrap();
        assert_eq!(&run(&mut session, "print(1)").await.output[..], b"1\n");
        leased.push(session);
        until_warm(&pool, 1).await;
    }
    assert_ne!(leased[0].id(), leased[1].id());
    drop(leased);
    pool.close().await;
}

pub(crate) async fn a_box_that_broke_is_replaced_by_the_next_lease(boxes: &TestBoxes) {
    let pool = boxes.pool(1, 1);
    pool.expect(&small_box());
    until_warm(&pool, 1).await;
    let slot = pool.slot().await;
    let mut session = pool.lease(&slot, &small_box()).await.unwrap();
    crate::fixture::put(&mut session, "../outside", b"x", assize::sandbox::Lifetime::Durable).await;
    assert!(session.fetch("x", 1).await.is_err(), "the runner has ended");
    drop(session);
    let mut another = pool.lease(&slot, &small_box()).await.unwrap();
    assert!(another.is_alive());
    drop(another);
    pool.close().await;
}

pub(crate) async fn slots_are_given_once_each_and_come_back(boxes: &TestBoxes) {
    let pool = boxes.pool(2, 0);
    let (first, second) = (pool.slot().await, pool.idle_slot().unwrap());
    assert!(pool.idle_slot().is_none(), "both are in use");
    drop(first);
    let again = pool.slot().await;
    assert!(pool.idle_slot().is_none());
    drop((second, again));
    pool.close().await;
}

pub(crate) async fn a_pool_that_is_closed_leaves_nothing_warm(boxes: &TestBoxes) {
    let pool = boxes.pool(2, 2);
    pool.expect(&small_box());
    until_warm(&pool, 2).await;
    pool.close().await;
    assert_eq!(pool.ready(), 0);
}
