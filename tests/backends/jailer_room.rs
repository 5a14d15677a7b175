//! What all boxes of a jailer may have together: a box beyond waits for the end of others, and says nothing about the host.

use assize::judge::JudgeError;
use assize::sandbox::{BoxRole, BoxSpec, LaunchError, LeaseError};

use crate::jailer_faults::JailerProcess;
use crate::pool::until_warm;
use crate::small_box::small_box;

/// Room for two small boxes, or for a large one.
const ROOM: (&str, &str) = ("ALL_MEMORY_BYTES", "335544320");

fn large_box() -> BoxSpec {
    BoxSpec {
        role: BoxRole::Validator,
        memory_bytes: 256 << 20,
        ..small_box()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_finds_no_room_gets_that_of_warm_ones_and_of_those_that_end() {
    let Some(jailer) = JailerProcess::start_with("room", &[ROOM]).await else {
        return;
    };
    let mut boxes = jailer.boxes();
    let pool = boxes.pool(1, 1);
    pool.expect(&small_box());
    until_warm(&pool, 1).await;
    let slot = pool.slot().await;
    let first = pool.lease(&slot, &large_box()).await.unwrap();
    let large = large_box();
    let (second, ()) = tokio::join!(pool.lease(&slot, &large), first.destroy());
    let mut second = second.unwrap();
    assert!(second.is_alive());

    boxes.settings.sandbox.launch_timeout_ms = 1000;
    let impatient = boxes.pool(1, 0);
    let refused = impatient
        .fresh(&impatient.slot().await, &small_box())
        .await
        .unwrap_err();
    let LeaseError::Launch(error @ LaunchError::NoRoom { .. }) = refused else {
        panic!("{refused}");
    };
    assert!(error.to_string().contains(ROOM.0), "{error}");
    assert!(JudgeError::from(error).has_other_explanations());
    drop(second);
    pool.close().await;
    impatient.close().await;
}
