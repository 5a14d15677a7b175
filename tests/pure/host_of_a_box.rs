//! What a runner says of its host: a box that the host lets down, or that has more of it than it was to have, is lost.

use assize::sandbox::{BoxError, BoxSpec, RunStreams, Session};
use assize_protocol::{Ended, Hello, Meters, Report, RunFacts, VERSION};
use futures::StreamExt as _;
use futures::stream;

use crate::hijacked_runner::{Sink, TIMEOUTS, a_box, a_run, frame, hello};
use crate::small_box::small_box;

#[tokio::test]
async fn a_kill_for_the_memory_of_others_loses_the_box_and_is_no_fact_of_the_program() {
    for (at_limit, by_host, is_lost) in [
        (Some(0), 0, false),
        (Some(2), 0, false),
        (Some(0), 1, true),
        (Some(1), 1, true),
        (None, 1, true),
    ] {
        let facts = RunFacts {
            memory_kills: at_limit,
            memory_kills_by_host: by_host,
            ..RunFacts::ended(Ended::Signal(9))
        };
        let said = stream::iter([hello(), frame(&Report::Exited(facts))].map(Ok)).chain(stream::pending());
        let mut session = Session::open(a_box(Sink::Takes, said.boxed()), TIMEOUTS).await.unwrap();
        let ended = session.run(&a_run(), RunStreams::silent()).await.map(drop);
        match is_lost {
            true => assert!(matches!(ended, Err(BoxError::HostMemory(1))), "{by_host}: {ended:?}"),
            false => ended.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_box_with_more_cpus_than_it_was_to_have_is_told_by_its_runner() {
    let spec = |cpus| BoxSpec { cpus, ..small_box() };
    for (found, asked, is_fit) in [
        (Some(1), 1, true),
        (Some(4), 1, false),
        (Some(4), 4, true),
        (None, 1, true),
    ] {
        let hello = frame(&Report::Hello(Hello {
            version: VERSION,
            meters: Meters::ALL,
            cpus: found,
            environment: Vec::new(),
        }));
        let said = stream::iter([Ok(hello)]).chain(stream::pending()).boxed();
        let session = Session::open(a_box(Sink::Takes, said), TIMEOUTS).await.unwrap();
        let fits = session.has_the_cpus_of(&spec(asked));
        assert_eq!(fits.is_ok(), is_fit, "{found:?} {asked}: {fits:?}");
    }
}
