import GRDB
import Vocabulary

/// What `store check` asks of every row: the ranges that `StoredRow` holds the readers to, as SQL.
///
/// A reader stops at the first row that cannot be; this names them all, table by table, and goes on after each. SQLite's
/// `integrity_check` finds broken pages and indexes, `foreign_key_check` references to nothing; neither knows what a
/// number can be.
struct RowRule {
    let table: String
    /// What the row is called by: its own number, or that of its pair.
    let key: String
    let column: String
    /// True of a row that is right.
    let condition: String
    /// What would be right, in the words of a message.
    let right: String

    static let all: [RowRule] =
        texts + hashes + scorerSets + pairs + exchanges + counters + ratings + experiments

    /// The first rows that break this rule.
    func broken(limit: Int, _ db: Database) throws -> [BrokenRow] {
        // A condition that is NULL is not met.
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT \(key) FROM \(table) WHERE (\(condition)) IS NOT TRUE LIMIT \(limit)"
        )
        return try rows.map { row in
            BrokenRow(
                table: table,
                row: try StoredRow(row, of: "a table").optionalInteger(0, "key"),
                column: column,
                found: "what is not \(right)"
            )
        }
    }

    // MARK: - Rules

    private static func integer(
        _ table: String,
        _ key: String,
        _ columns: String...,
        in range: ClosedRange<Int64>,
        orNull: Bool = false
    ) -> [RowRule] {
        columns.map { column in
            RowRule(
                table: table,
                key: key,
                column: column,
                // The least integer is no literal of SQL.
                condition: (orNull ? "\(column) IS NULL OR " : "")
                    + "(typeof(\(column)) = 'integer' AND \(column) BETWEEN \(range.lowerBound) AND \(range.upperBound))",
                right: "from \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    private static func real(
        _ table: String,
        _ key: String,
        _ column: String,
        in range: ClosedRange<Double>,
        orNull: Bool = false
    ) -> RowRule {
        RowRule(
            table: table,
            key: key,
            column: column,
            condition: (orNull ? "\(column) IS NULL OR " : "")
                + "(typeof(\(column)) = 'real' AND \(column) BETWEEN \(range.lowerBound) AND \(range.upperBound))",
            right: "from \(range.lowerBound) to \(range.upperBound)"
        )
    }

    private static let texts: [RowRule] =
        [("content", "pair_id"), ("prompt", "id"), ("request_format", "id")].flatMap { table, key in
            integer(table, key, "size_bytes", in: StoredRange.textBytes)
        } + [
            RowRule(
                table: "dictionary",
                key: "id",
                column: "bytes",
                condition: "typeof(bytes) = 'blob' AND length(bytes) <= \(StoredRange.dictionaryBytes.upperBound)",
                right: "a dictionary of at most \(StoredRange.dictionaryBytes.upperBound) bytes"
            )
        ]

    private static let hashes: [RowRule] =
        // The one type that STRICT leaves open.
        [("pair", "prompt_hash"), ("prompt", "hash"), ("session", "hash")].map { table, column in
            RowRule(
                table: table,
                key: "id",
                column: column,
                condition: "typeof(\(column)) IN ('blob', 'text')",
                right: "bytes or text"
            )
        } + [
            RowRule(
                table: "prompt",
                key: "id",
                column: "hash",
                condition: """
                    NOT EXISTS (SELECT 1 FROM prompt o WHERE \(Schema.sameHash("o.hash", "prompt.hash")) AND o.id < prompt.id)
                    """,
                right: "a hash of its own"
            )
        ]

    private static let scorerSets: [RowRule] = [
        RowRule(
            table: "scorer_set",
            key: "id",
            column: "scorer_ids",
            condition: """
                scorer_ids GLOB '[0-9]*' AND scorer_ids NOT GLOB '*[^0-9,]*' AND scorer_ids NOT GLOB '*,,*'
                    AND scorer_ids NOT GLOB '*,'
                    AND length(scorer_ids) - length(replace(scorer_ids, ',', '')) < \(StoredRange.scorers)
                """,
            right: "a list of numbers, no more than there are scorers"
        )
    ]

    private static let pairs: [RowRule] =
        integer("pair", "id", "id", in: StoredRange.rowIDs)
        + integer("pair", "id", "received_at_us", in: StoredRange.times)
        + integer("pair", "id", "is_streamed", in: 0...1)
        + integer("pair", "id", "intent_source_id", in: 0...4)
        + [
            real("pair", "id", "sampling_probability", in: StoredRange.probabilities),
            real("pair", "id", "temperature", in: StoredRange.finite, orNull: true),
            RowRule(
                table: "pair",
                key: "id",
                column: "id",
                condition: """
                    (SELECT count(*) FROM exchange x WHERE x.pair_id = pair.id AND x.leg_id IN (0, 1)) = 2
                    """,
                right: "the number of a pair with both answers"
            ),
        ]

    private static let exchanges: [RowRule] =
        integer("exchange", "pair_id", "leg_id", in: 0...2)
        + integer("exchange", "pair_id", "outcome_id", in: 0...Int64(Outcome.allCases.count - 1))
        + integer("exchange", "pair_id", "status", in: StoredRange.statuses, orNull: true)
        + integer("exchange", "pair_id", "input_tokens", "output_tokens", in: StoredRange.counts, orNull: true)
        + integer(
            "exchange",
            "pair_id",
            "first_byte_us",
            "first_token_us",
            "total_us",
            "inter_token_p50_us",
            "inter_token_max_us",
            in: StoredRange.durations,
            orNull: true
        )
        + integer("exchange", "pair_id", "size_bytes", "text_size_bytes", "tool_call_count", in: StoredRange.counts)

    private static let counters: [RowRule] =
        integer("funnel", "experiment_id", "minute", in: StoredRange.minutes)
        + integer("funnel", "experiment_id", "count", in: StoredRange.changes)
        + integer("stored_count", "experiment_id", "count", in: StoredRange.counts)
        + integer("merged_count", "source_id", "count", in: StoredRange.changes)
        + integer("day_traffic", "experiment_id", "day", in: StoredRange.days)
        + integer(
            "day_traffic",
            "experiment_id",
            "request_count",
            "session_count",
            "played_count",
            "token_count",
            in: StoredRange.counts
        )
        + integer("sampling_rate", "experiment_id", "day", in: StoredRange.days)
        + [
            real("sampling_rate", "experiment_id", "rate", in: StoredRange.shares),
            real("day_traffic", "experiment_id", "observed_share", in: StoredRange.shares),
        ]

    private static let ratings: [RowRule] =
        integer("rating_item", "id", "side_a_leg_id", "side_b_leg_id", in: 0...2)
        + integer("rating_round", "id", "exported_at_us", in: StoredRange.times)
        + integer("rating", "id", "rated_at_us", in: StoredRange.times, orNull: true)
        + [
            real("rating_item", "id", "inclusion_probability", in: StoredRange.probabilities, orNull: true),
            RowRule(
                table: "rating",
                key: "id",
                column: "choice",
                condition: "choice IN (\(list(RatingChoice.allCases.map(\.rawValue))))",
                right: "a choice"
            ),
            RowRule(
                table: "rating",
                key: "id",
                column: "harm",
                condition: "harm IS NULL OR harm IN (\(list(RatingHarm.allCases.map(\.rawValue))))",
                right: "a harm"
            ),
        ]

    private static let experiments: [RowRule] =
        integer("experiment", "id", "started_at_us", "closed_at_us", in: StoredRange.times, orNull: true)
        + integer("change_record", "id", "changed_at_us", in: StoredRange.times)
        + integer("rejection", "id", "rejected_at_us", in: StoredRange.times)
        + [real("experiment", "id", "horizon_seconds", in: StoredRange.horizons, orNull: true)]

    private static func list(_ words: [String]) -> String {
        words.map { "'\($0)'" }.joined(separator: ", ")
    }
}
