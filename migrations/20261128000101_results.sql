-- Programs that are only run: what answers them is kept in the same place as verdicts, with a status instead of one.
ALTER TABLE verdicts DROP CONSTRAINT verdicts_verdict_check;
ALTER TABLE verdicts ADD CONSTRAINT verdicts_verdict_check
    CHECK (verdict IN ('AC', 'WA', 'TLE', 'MLE', 'OLE', 'RTE', 'CE', 'SV', 'JE', 'CANCELLED', 'OK'));
COMMENT ON TABLE verdicts IS 'What counts as decided about each submission: one row, the latest; OK: a program that was only run ended well';
