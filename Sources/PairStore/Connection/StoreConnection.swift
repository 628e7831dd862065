import GRDB

/// Where the tables of a store are read and written: each call in a transaction of its own, or all in one that is open.
package struct StoreConnection {
    let store: Store
    /// The open transaction; nil where each call has its own.
    private let transaction: Database?

    init(_ store: Store, in transaction: Database? = nil) {
        self.store = store
        self.transaction = transaction
    }

    var isWritable: Bool { store.access != .readOnly }

    var dictionaries: DictionaryCache { store.dictionaries }

    /// Reads from one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let transaction else { return try store.read(body) }
        return try store.naming { try body(transaction) }
    }

    /// Writes all or, where the body throws, nothing; in an open transaction that is up to the transaction.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        // No savepoint: SQLite would copy pages with people's words to a temporary file for it.
        guard let transaction else { return try store.write(body) }
        return try body(transaction)
    }
}

/// What has the tables of a store: the store itself, or one open transaction of it.
package protocol StoreTables {
    var connection: StoreConnection { get }
}

extension StoreTables {
    /// What was declared, changed and rejected.
    package var experiments: ExperimentTable { ExperimentTable(connection: connection) }
    /// The pairs, with or without their texts.
    package var pairs: PairTable { PairTable(connection: connection) }
    /// What scorers gave.
    package var scores: ScoreTable { ScoreTable(connection: connection) }
    /// What raters were asked, and what they said.
    package var ratings: RatingTable { RatingTable(connection: connection) }
    /// What became of every request.
    package var funnel: FunnelTable { FunnelTable(connection: connection) }
    /// What passed on each day, and which part of it was drawn.
    package var traffic: TrafficTable { TrafficTable(connection: connection) }
}

/// An open transaction of a store, which ends with the call of ``Store/transaction(_:)`` that opened it.
package struct StoreTransaction: StoreTables {
    package let connection: StoreConnection
}

extension Store: StoreTables {
    package var connection: StoreConnection { StoreConnection(self) }

    /// Checks, figures and deletions.
    package var upkeep: StoreUpkeep { StoreUpkeep(store: self) }

    /// Writes several things in one transaction: a reader sees all of them or none, and where anything throws, none stays.
    ///
    /// - Parameter body: uses the tables of the transaction and not of the store, which has one writer. It must not keep the
    ///   transaction, and must let errors of its tables through: what such a call had written would stay.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, `StoreError.readOnly`, and what SQLite says.
    package func transaction<Value>(_ body: (StoreTransaction) throws -> Value) throws -> Value {
        try write { db in try body(StoreTransaction(connection: StoreConnection(self, in: db))) }
    }
}
