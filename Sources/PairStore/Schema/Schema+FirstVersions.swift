// The tables of the first two versions, which later migrations build on.

extension Schema {
    /// What tomorrow's rates are made of, so that a restart forgets none of it.
    static let version2 = """
        ALTER TABLE day_traffic ADD COLUMN played_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE day_traffic ADD COLUMN token_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE day_traffic ADD COLUMN observed_share REAL NOT NULL DEFAULT 1
            CHECK (observed_share BETWEEN 0 AND 1);
        PRAGMA user_version = 2;
        """

    static let version1 = """
        CREATE TABLE store_setting (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outcome (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO outcome (id, name) VALUES
            (0, 'ok'), (1, 'http_error'), (2, 'timeout'), (3, 'connect_error'), (4, 'truncated'),
            (5, 'malformed'), (6, 'client_cancelled'), (7, 'shed');

        CREATE TABLE intent_source (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO intent_source (id, name) VALUES
            (0, 'header'), (1, 'body'), (2, 'rule'), (3, 'fallback'), (4, 'imported');

        CREATE TABLE leg (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        -- 'pair' is the leg of a score that belongs to the pair as a whole.
        INSERT INTO leg (id, name) VALUES (0, 'stable'), (1, 'shadow'), (2, 'control'), (3, 'pair');

        CREATE TABLE word (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE intent_class (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        -- Requests that were never classified; no class can have an empty name.
        INSERT INTO intent_class (id, name) VALUES (0, '');

        CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash ANY NOT NULL UNIQUE
        ) STRICT;

        -- zstd dictionaries; a row that was compressed with one names it.
        CREATE TABLE dictionary (
            id INTEGER PRIMARY KEY,
            made_at_us INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            started_at_us INTEGER,
            closed_at_us INTEGER,
            horizon_seconds REAL CHECK (horizon_seconds > 0),
            stable_model TEXT,
            stable_version TEXT,
            shadow_model TEXT,
            shadow_version TEXT,
            seed INTEGER NOT NULL,
            configuration TEXT NOT NULL,
            gates TEXT NOT NULL
        ) STRICT;

        -- What was changed by whom while the experiment ran: the declaration, rates, the shadow's limits.
        CREATE TABLE change_record (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('declaration', 'sampling', 'shadow', 'other')),
            changed_at_us INTEGER NOT NULL,
            actor TEXT NOT NULL,
            text TEXT NOT NULL,
            -- The whole of what stood there before, where the text does not say it.
            replaced TEXT
        ) STRICT;
        CREATE INDEX change_record_experiment ON change_record (experiment_id, changed_at_us);

        -- A REJECT that was reported stays.
        CREATE TABLE rejection (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            rejected_at_us INTEGER NOT NULL,
            e_value REAL,
            text TEXT NOT NULL,
            UNIQUE (experiment_id, metric, intent_id)
        ) STRICT;

        -- `response_format` and `tools` of a request, compressed; the same ones come with thousands of requests.
        CREATE TABLE request_format (
            id INTEGER PRIMARY KEY,
            fingerprint INTEGER NOT NULL,
            has_response_format INTEGER NOT NULL CHECK (has_response_format IN (0, 1)),
            has_tools INTEGER NOT NULL CHECK (has_tools IN (0, 1)),
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX request_format_fingerprint ON request_format (fingerprint);

        -- Prompts apart from the pairs, found by their keyed hash, each stored once.
        CREATE TABLE prompt (
            id INTEGER PRIMARY KEY,
            hash ANY NOT NULL UNIQUE,
            received_at_us INTEGER NOT NULL,
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX prompt_received ON prompt (received_at_us);

        -- AUTOINCREMENT: a row's number is never used again, so "every pair up to n has been scored" stays true.
        CREATE TABLE pair (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
            experiment_id INTEGER NOT NULL REFERENCES experiment (id),
            received_at_us INTEGER NOT NULL,
            session_id INTEGER REFERENCES session (id),
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            intent_source_id INTEGER NOT NULL REFERENCES intent_source (id),
            sampling_probability REAL NOT NULL CHECK (sampling_probability > 0 AND sampling_probability <= 1),
            endpoint_id INTEGER NOT NULL REFERENCES word (id),
            prompt_hash ANY NOT NULL,
            request_format_id INTEGER REFERENCES request_format (id),
            temperature REAL,
            max_tokens INTEGER,
            is_streamed INTEGER NOT NULL CHECK (is_streamed IN (0, 1))
        ) STRICT;
        CREATE INDEX pair_received ON pair (experiment_id, received_at_us);

        CREATE TABLE exchange (
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (leg_id BETWEEN 0 AND 2),
            version_id INTEGER NOT NULL REFERENCES word (id),
            reported_model_id INTEGER REFERENCES word (id),
            outcome_id INTEGER NOT NULL REFERENCES outcome (id),
            status INTEGER CHECK (status BETWEEN 0 AND 999),
            finish_reason_id INTEGER REFERENCES word (id),
            input_tokens INTEGER CHECK (input_tokens >= 0),
            output_tokens INTEGER CHECK (output_tokens >= 0),
            first_byte_us INTEGER CHECK (first_byte_us >= 0),
            first_token_us INTEGER CHECK (first_token_us >= 0),
            total_us INTEGER CHECK (total_us >= 0),
            inter_token_p50_us INTEGER CHECK (inter_token_p50_us >= 0),
            inter_token_max_us INTEGER CHECK (inter_token_max_us >= 0),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            text_size_bytes INTEGER NOT NULL CHECK (text_size_bytes >= 0),
            tool_call_count INTEGER NOT NULL CHECK (tool_call_count >= 0),
            PRIMARY KEY (pair_id, leg_id)
        ) STRICT, WITHOUT ROWID;

        -- The texts of all answers of one pair in one zstd frame: they resemble each other, and equal ones cost nothing.
        CREATE TABLE content (
            pair_id INTEGER PRIMARY KEY REFERENCES pair (id) ON DELETE CASCADE,
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE scorer (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            version TEXT NOT NULL,
            scored_through_pair_id INTEGER NOT NULL DEFAULT 0,
            UNIQUE (name, version)
        ) STRICT;

        -- A value of NULL on leg 3: the scorer looked at the pair and is not defined on it.
        CREATE TABLE score (
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            scorer_id INTEGER NOT NULL REFERENCES scorer (id),
            leg_id INTEGER NOT NULL REFERENCES leg (id),
            value REAL CHECK (leg_id = 3 OR (value IS NOT NULL AND value BETWEEN 0 AND 1)),
            PRIMARY KEY (pair_id, scorer_id, leg_id)
        ) STRICT, WITHOUT ROWID;

        -- Sums of changes: in_flight goes down as well as up, so the funnel's laws hold for every sum of rows.
        CREATE TABLE funnel (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            minute INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            stage TEXT NOT NULL CHECK (stage IN
                ('seen', 'not_eligible', 'not_sampled', 'sampled', 'in_flight', 'stored', 'shed', 'failed')),
            reason TEXT NOT NULL DEFAULT '',
            count INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, minute, intent_id, stage, reason)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sampling_rate (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            rate REAL NOT NULL CHECK (rate BETWEEN 0 AND 1),
            PRIMARY KEY (experiment_id, day, intent_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE day_traffic (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            request_count INTEGER NOT NULL CHECK (request_count >= 0),
            session_count INTEGER NOT NULL CHECK (session_count >= 0),
            PRIMARY KEY (experiment_id, day, intent_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE rating_round (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            seed INTEGER NOT NULL,
            exported_at_us INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE rating_item (
            id INTEGER PRIMARY KEY,
            uid TEXT NOT NULL UNIQUE,
            round_id INTEGER NOT NULL REFERENCES rating_round (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            side_a_leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (side_a_leg_id BETWEEN 0 AND 2),
            side_b_leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (side_b_leg_id BETWEEN 0 AND 2),
            -- With which it was drawn into the probability sample; NULL for a targeted item.
            inclusion_probability REAL CHECK (inclusion_probability > 0 AND inclusion_probability <= 1),
            reason TEXT NOT NULL,
            -- The uid of the item that this one repeats with its sides swapped.
            swapped_of TEXT,
            CHECK (side_a_leg_id <> side_b_leg_id)
        ) STRICT;
        CREATE INDEX rating_item_pair ON rating_item (pair_id);
        CREATE INDEX rating_item_round ON rating_item (round_id);

        CREATE TABLE rating (
            id INTEGER PRIMARY KEY,
            item_id INTEGER REFERENCES rating_item (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            rater TEXT NOT NULL CHECK (rater <> ''),
            choice TEXT NOT NULL CHECK (choice IN ('a', 'b', 'both_good', 'both_bad', 'stable', 'shadow', 'tie')),
            harm TEXT CHECK (harm IN ('a', 'b', 'both', 'stable', 'shadow')),
            comment TEXT,
            rated_at_us INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX rating_of_item ON rating (item_id, rater) WHERE item_id IS NOT NULL;
        CREATE UNIQUE INDEX rating_of_pair ON rating (pair_id, rater) WHERE item_id IS NULL;
        CREATE INDEX rating_pair ON rating (pair_id);

        PRAGMA user_version = 1;
        """
}
