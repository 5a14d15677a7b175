CREATE TABLE reviews (
    submission_id uuid PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE,
    review text NOT NULL
);

CREATE INDEX reviews_by_text ON reviews (review);

COMMENT ON TABLE reviews IS 'What people say about submissions';
