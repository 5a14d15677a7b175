ALTER TABLE submissions ADD COLUMN urgency integer DEFAULT 3;
ALTER TABLE verdicts ADD COLUMN was_reviewed boolean NOT NULL DEFAULT false, ADD COLUMN reviewer text;
