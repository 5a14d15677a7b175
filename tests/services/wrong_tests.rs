//! Tests that are wrong are so in every attempt.

use assize::broker::SubmitClient;
use assize::contract::Verdict;

use crate::flow::{to_sum, verdict};
use crate::worker::Namespace;

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_tests_are_wrong_is_judged_once_and_the_next_one_is_judged_by_the_same_worker() {
    let namespace = Namespace::new().await;
    let worker = namespace
        .ready_worker("wrong-tests", &[("ASSIZE__BROKER__MAX_ATTEMPTS", "3")])
        .await;
    let mut client = SubmitClient::connect(&namespace.broker).await.unwrap();
    let program = "def half(x): return x / 2";
    let wrong_asserts = vec!["import nothing_like_it\nassert half(2) == 1".to_owned()];
    let wrong_units = "import solution\ndef test_a():\n    undefined()\n".to_owned();
    for is_of_asserts in [true, false] {
        let mut message = to_sum(program);
        message.problem = None;
        if is_of_asserts {
            message.asserts = Some(wrong_asserts.clone());
        } else {
            message.pytest = Some([("test_a.py".to_owned(), wrong_units.clone())].into());
        }
        client.send(&message).await.unwrap();
        let judgement = verdict(&mut client).await.0;
        assert_eq!(
            (judgement.verdict, judgement.attempt),
            (Verdict::Je, Some(1)),
            "{judgement:#?}"
        );
    }
    let mut right = to_sum(program);
    (right.problem, right.asserts) = (None, Some(vec!["assert half(2) == 1".to_owned()]));
    client.send(&right).await.unwrap();
    assert_eq!(verdict(&mut client).await.0.verdict, Verdict::Ac);
    client.close().await;
    worker.stop().await;
}
