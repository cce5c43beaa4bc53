-- How long letters are kept is a company's own: its transactions do away with what is older.
GRANT DELETE ON mail.outbox TO mobilytics_app;
