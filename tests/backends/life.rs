//! A box from its hello to its end.

use assize::sandbox::{BoxError, Ended, Figure, Input, Lifetime, RunRequest, RunStreams};
use assize_protocol::CHUNK;

use crate::fixture::{TestBoxes, limits, put, request, run, run_with};
use crate::small_box::small_box;

pub(crate) async fn a_box_runs_one_program_after_the_other_and_nothing_of_it_stays(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for number in 0..3 {
        let ran = run(
            &mut session,
            "import os\nprint(os.listdir('.'))\nopen('trace', 'w').write('x')",
        )
        .await;
        assert_eq!(
            (ran.facts.ended, &ran.output[..]),
            (Ended::Exit(0), &b"[]\n"[..]),
            "run {number}"
        );
        session.reset().await.unwrap();
    }
    session.destroy().await;
}

pub(crate) async fn files_come_in_and_go_out(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    put(&mut session, "a/kept", b"kept", Lifetime::Durable).await;
    put(&mut session, "once", b"once", Lifetime::ThisTest).await;
    let source = "import os\nprint(open('a/kept').read(), os.path.exists('once'))\nopen('made', 'w').write('m' * 10)";
    assert_eq!(&run(&mut session, source).await.output[..], b"kept True\n");
    let fetched = session.fetch("made", 4).await.unwrap();
    assert_eq!(
        (fetched.content.as_deref(), fetched.truncated),
        (Some(&b"mmmm"[..]), true)
    );
    session.reset().await.unwrap();
    assert_eq!(&run(&mut session, source).await.output[..], b"kept False\n");
    session.destroy().await;
}

pub(crate) async fn a_file_that_is_fetched_with_a_run_comes_whole_and_stays_for_no_other(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    for size in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
        let source = format!("import os\nassert not os.path.exists('made')\nopen('made', 'w').write('m' * {size})");
        let asked = RunRequest {
            then_reset: true,
            ..request(&source, limits())
        };
        let most = 1 << 20;
        let fetching = session.run_and_fetch(&asked, RunStreams::silent(), ("made", most));
        let (facts, fetched) = fetching.await.unwrap();
        assert_eq!(facts.ended, Ended::Exit(0), "{size} bytes: {facts:?}");
        assert_eq!(fetched.content, Some(vec![b'm'; size]), "{size} bytes");
        assert!(!fetched.truncated, "{size} bytes");
        session.reset().await.unwrap();
    }
    let asked = request("pass", limits());
    let fetching = session.run_and_fetch(&asked, RunStreams::silent(), ("made", 1));
    let (_facts, fetched) = fetching.await.unwrap();
    assert_eq!(fetched.content, None, "the program left none");
    session.destroy().await;
}

pub(crate) async fn a_box_that_was_destroyed_is_gone(boxes: &TestBoxes) {
    let first = boxes.session(&small_box()).await;
    let second = boxes.session(&small_box()).await;
    first.destroy().await;
    // Dropping one destroys it too; `close` waits for that and fails the test by never ending where it does not.
    drop(second);
    boxes.close().await;
}

pub(crate) async fn a_box_whose_runner_ends_is_lost_and_says_so(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    assert!(session.is_alive());
    // A path that leads out of the work directory cannot come from a worker: the runner gives up.
    put(&mut session, "../outside", b"x", Lifetime::Durable).await;
    let lost = run_with(&mut session, "pass", Input::Empty, limits()).await;
    assert!(matches!(lost, Err(BoxError::Fault(_) | BoxError::Ended)), "{lost:?}");
    assert_eq!(session.post_mortem().await, assize::sandbox::PostMortem::Unexplained);
    session.destroy().await;
}

pub(crate) async fn a_description_says_what_the_box_is(boxes: &TestBoxes) {
    let mut session = boxes.session(&small_box()).await;
    let description = session.description();
    assert!(!description.environment_digest.is_empty());
    let ran = run(&mut session, "print(1)").await;
    assert_eq!(ran.facts.cpu.source, description.meters.cpu);
    if description.meters.cpu == Figure::Rusage {
        assert!(
            !boxes.facts().limits_memory,
            "a box with limits has a control group to read"
        );
    }
    assert_eq!(ran.facts.memory_kills, Some(0), "the runner or the backend counts them");
    session.destroy().await;
}
