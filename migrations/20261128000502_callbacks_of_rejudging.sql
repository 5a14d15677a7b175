-- A submission that is judged once more is answered once more.
ALTER TABLE gateway_callbacks ADD COLUMN rejudge uuid;
COMMENT ON COLUMN gateway_callbacks.rejudge IS
    'The request to judge once more whose verdict is sent; null: the first answer';
