-- Programs that are only run say how long they are kept behind their result. What is set here is removed then with all that is
-- known of it, whatever the terms of other submissions.
ALTER TABLE verdicts ADD COLUMN forget_at timestamptz;
COMMENT ON COLUMN verdicts.forget_at IS 'When it is removed, with its submission; null: by the terms of the settings';

CREATE INDEX verdicts_to_forget ON verdicts (forget_at) WHERE forget_at IS NOT NULL;
