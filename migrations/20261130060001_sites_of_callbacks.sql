-- What is due is looked for site by site. A service of the version before writes no site; services of this one fill it in.
ALTER TABLE gateway_callbacks ADD COLUMN callback_site varchar(64);

COMMENT ON COLUMN gateway_callbacks.callback_site IS
    'The site whose submission it is; null: a service of an earlier version has made it';
