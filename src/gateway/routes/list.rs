//! Every route, once: the router and the `OpenAPI` document are made from this list.

use strum::IntoStaticStr;

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
pub(in crate::gateway) enum Operation {
    Run,
    Submit,
    Submissions,
    Submission,
    Cancel,
    Rejudge,
    Events,
    UploadTestSet,
    TestSet,
    RemoveTestSet,
    Languages,
    Problems,
    Problem,
    PutProblem,
    RejudgeProblem,
    Status,
    Document,
    Health,
    Ready,
}

impl Operation {
    /// Its name in the document.
    pub(in crate::gateway) fn id(self) -> &'static str {
        self.into()
    }
}

/// A route, and its entry in the `OpenAPI` document.
pub(in crate::gateway) struct Route {
    pub(in crate::gateway) method: &'static str,
    pub(in crate::gateway) path: &'static str,
    pub(in crate::gateway) operation: Operation,
    pub(in crate::gateway) summary: &'static str,
    /// Query parameters and headers: where, name, what it is for.
    pub(in crate::gateway) parameters: &'static [(&'static str, &'static str, &'static str)],
    /// Schema of the body.
    pub(in crate::gateway) body: Option<&'static str>,
    /// Status, schema of the answer, what it means.
    pub(in crate::gateway) answers: &'static [(u16, &'static str, &'static str)],
    /// Statuses of what is not served, beside those of every route and of every body.
    pub(in crate::gateway) refusals: &'static [u16],
}

const WAIT: (&str, &str, &str) = (
    "query",
    "wait",
    "Seconds to wait for the answer, at most serve.max_wait_ms.",
);
const KEY: (&str, &str, &str) = (
    "header",
    "Idempotency-Key",
    "The same key with the same body is the same submission, however often it is sent.",
);

const METADATA: (&str, &str, &str) = (
    "query",
    "metadata",
    "metadata[KEY]=VALUE: a text, number or truth value at the top of their metadata.",
);
const STATE: (&str, &str, &str) = ("query", "state", "How far they have come.");
const SINCE: (&str, &str, &str) = ("query", "since", "Handed in then or later.");
const UNTIL: (&str, &str, &str) = ("query", "until", "Handed in before.");
const VERDICT: (&str, &str, &str) = ("query", "verdict", "Code of the verdict, such as WA.");
const SITE: (&str, &str, &str) = (
    "query",
    "site",
    "The site that handed them in; another one needs read-all.",
);
const CURSOR: (&str, &str, &str) = ("query", "cursor", "`next` of the page before.");

/// Every route.
pub(in crate::gateway) static ROUTES: [Route; 19] = [
    Route {
        method: "post",
        path: "/v1/run",
        operation: Operation::Run,
        summary: "Run a program and wait for what it prints",
        parameters: &[WAIT],
        body: Some("RunRequest"),
        answers: &[
            (200, "RunResult", "What became of it."),
            (202, "SubmissionState", "It has not ended yet; look at its Location."),
        ],
        refusals: &[],
    },
    Route {
        method: "post",
        path: "/v1/submissions",
        operation: Operation::Submit,
        summary: "Hand in one submission, or an array of them",
        parameters: &[WAIT, KEY],
        body: Some("Submissions"),
        answers: &[
            (200, "SubmissionState", "It has its answer."),
            (202, "Accepted", "It was accepted; of an array, what became of each."),
        ],
        refusals: &[409],
    },
    Route {
        method: "get",
        path: "/v1/submissions",
        operation: Operation::Submissions,
        summary: "Submissions of the site, page by page, the newest first",
        parameters: &[
            ("query", "problem", "Id of the problem."),
            STATE,
            VERDICT,
            METADATA,
            SINCE,
            UNTIL,
            SITE,
            ("query", "limit", "Submissions of a page: 1 to 100, 50 without it."),
            CURSOR,
        ],
        body: None,
        answers: &[(200, "SubmissionPage", "A page, and where the next one begins.")],
        refusals: &[],
    },
    Route {
        method: "get",
        path: "/v1/submissions/{id}",
        operation: Operation::Submission,
        summary: "A submission as it is now",
        parameters: &[WAIT],
        body: None,
        answers: &[(200, "SubmissionState", "How far it has come.")],
        refusals: &[404],
    },
    Route {
        method: "delete",
        path: "/v1/submissions/{id}",
        operation: Operation::Cancel,
        summary: "Cancel a submission, also where it is judged once more; what has its answer keeps it",
        parameters: &[("query", "reason", "Why, for people.")],
        body: None,
        answers: &[
            (
                200,
                "SubmissionState",
                "There was nothing to cancel: it has its answer.",
            ),
            (202, "SubmissionState", "It was asked for."),
        ],
        refusals: &[404],
    },
    Route {
        method: "post",
        path: "/v1/submissions/{id}/rejudge",
        operation: Operation::Rejudge,
        summary: "Judge a submission once more",
        parameters: &[KEY],
        body: None,
        answers: &[(
            202,
            "RejudgeAccepted",
            "It was accepted; the new verdict names the request.",
        )],
        refusals: &[404, 409, 410],
    },
    Route {
        method: "get",
        path: "/v1/submissions/{id}/events",
        operation: Operation::Events,
        summary: "What happens to a submission, as server-sent events: state, progress, and verdict, result or rejection",
        parameters: &[("header", "Last-Event-ID", "The last progress event that was seen.")],
        body: None,
        answers: &[(200, "EventStream", "The stream, which ends with the answer.")],
        refusals: &[404],
    },
    Route {
        method: "post",
        path: "/v1/test-sets",
        operation: Operation::UploadTestSet,
        summary: "Upload tests once, for submissions that name them in test_set",
        parameters: &[],
        body: Some("TestSet"),
        answers: &[
            (200, "TestSetInfo", "It was kept before, and counts as used now."),
            (201, "TestSetInfo", "It is kept, under this name."),
        ],
        refusals: &[409],
    },
    Route {
        method: "get",
        path: "/v1/test-sets/{id}",
        operation: Operation::TestSet,
        summary: "Whether the site keeps a test set of this name; it counts as used now",
        parameters: &[],
        body: None,
        answers: &[(200, "TestSetInfo", "It is kept.")],
        refusals: &[404],
    },
    Route {
        method: "delete",
        path: "/v1/test-sets/{id}",
        operation: Operation::RemoveTestSet,
        summary: "Remove a test set; submissions that name it and are not judged yet are rejected",
        parameters: &[],
        body: None,
        answers: &[(204, "Nothing", "It is removed.")],
        refusals: &[404],
    },
    Route {
        method: "get",
        path: "/v1/languages",
        operation: Operation::Languages,
        summary: "The languages, with versions and libraries",
        parameters: &[],
        body: None,
        answers: &[(200, "Languages", "All of them.")],
        refusals: &[],
    },
    Route {
        method: "get",
        path: "/v1/problems",
        operation: Operation::Problems,
        summary: "Ids of the problems",
        parameters: &[],
        body: None,
        answers: &[(200, "ProblemList", "All of them.")],
        refusals: &[],
    },
    Route {
        method: "get",
        path: "/v1/problems/{id}",
        operation: Operation::Problem,
        summary: "A problem",
        parameters: &[],
        body: None,
        answers: &[(200, "ProblemInfo", "What is known of it.")],
        refusals: &[404],
    },
    Route {
        method: "put",
        path: "/v1/problems/{id}",
        operation: Operation::PutProblem,
        summary: "Keep a package, as a zip archive, as the newest revision of a problem",
        parameters: &[],
        body: Some("Package"),
        answers: &[(200, "KeptProblem", "It can be judged, and workers see it.")],
        refusals: &[409],
    },
    Route {
        method: "post",
        path: "/v1/problems/{id}/rejudge",
        operation: Operation::RejudgeProblem,
        summary: "Judge once more what was handed in for a problem, a page at a time, the newest first",
        parameters: &[
            KEY,
            STATE,
            VERDICT,
            METADATA,
            SINCE,
            UNTIL,
            SITE,
            (
                "query",
                "limit",
                "Submissions of one call: 1 to 100, which it is without it.",
            ),
            CURSOR,
        ],
        body: None,
        answers: &[(
            202,
            "ProblemRejudgeAccepted",
            "How many are judged once more, which could not be sent, and where the next call goes on.",
        )],
        refusals: &[404, 409, 410, 413],
    },
    Route {
        method: "get",
        path: "/v1/status",
        operation: Operation::Status,
        summary: "How the service is: queue and slots",
        parameters: &[],
        body: None,
        answers: &[(200, "ServiceStatus", "Now.")],
        refusals: &[],
    },
    Route {
        method: "get",
        path: "/v1/openapi.json",
        operation: Operation::Document,
        summary: "This document",
        parameters: &[],
        body: None,
        answers: &[(200, "Any", "OpenAPI 3.1.")],
        refusals: &[429],
    },
    Route {
        method: "get",
        path: "/healthz",
        operation: Operation::Health,
        summary: "Whether the service is alive",
        parameters: &[],
        body: None,
        answers: &[(200, "Text", "It is.")],
        refusals: &[],
    },
    Route {
        method: "get",
        path: "/readyz",
        operation: Operation::Ready,
        summary: "Whether submissions can be taken",
        parameters: &[],
        body: None,
        answers: &[(200, "Text", "They can.")],
        refusals: &[503],
    },
];

/// Whether a route can be called without a token.
pub(in crate::gateway) fn is_public(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/v1/openapi.json")
}

/// Whether a route is asked by what watches the service, again and again.
pub(in crate::gateway) fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}
