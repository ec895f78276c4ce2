/// A module that keeps something in the store.
///
/// It has a key space of its own there, named by its role and its id: keys of another module are out of its reach, so that
/// it may choose its keys as it likes. Only such a module can write and read, and none of its callbacks has a default: a
/// store refuses now and then, and a module that has not decided what follows waits for ever.
///
/// The store does what a node asks in order. A read sees every write of this module that was asked for before it.
public protocol PersistingPolicy: Policy {
    /// The form of the module's keys and values, from 1. Raise it when this module can no longer read an older form: where
    /// the store has another format than this one, reads fail with `StoreFailure.Code.otherFormat`, and so does every write
    /// but one that begins with `deleteRange(.all)`.
    static var storeFormat: UInt32 { get }

    /// A write is durable.
    mutating func persisted(_ token: WriteToken, _ context: inout Context)
    /// A write failed, and nothing of its batch is in the store; the cause is in the log. Writes asked for after it may have
    /// succeeded.
    mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context)
    /// The answer to a read.
    mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context)
    /// A read failed; the cause is in the log.
    mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context)
}

extension PersistingPolicy {
    /// Asks the store to make a batch durable; `persisted` or `persistFailed` answers, once.
    public func persist(_ batch: StoreBatch, _ context: inout Context) -> WriteToken {
        context.persist(batch, format: Self.storeFormat)
    }

    /// Asks the store; `rows` or `readFailed` answers, once.
    public func read(_ query: StoreQuery, _ context: inout Context) -> Token {
        context.read(query, format: Self.storeFormat)
    }

    public mutating func stored(_ reply: StoreReply, _ context: inout Context) {
        switch reply {
        case .persisted(let token): persisted(token, &context)
        case .persistFailed(let failure, let token): persistFailed(failure, token, &context)
        case .rows(let answer, let token): rows(answer, token, &context)
        case .readFailed(let failure, let token): readFailed(failure, token, &context)
        }
    }
}

/// What the store says to a module.
public enum StoreReply: Sendable, Hashable {
    case persisted(WriteToken)
    case persistFailed(StoreFailure, WriteToken)
    case rows(StoreAnswer, Token)
    case readFailed(StoreFailure, Token)
}
