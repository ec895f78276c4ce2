import Logging
import NIOConcurrencyHelpers

/// Keeps what is logged as an error.
struct Complaints: LogHandler {
    private let texts = NIOLockedValueBox<[String]>([])
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    var all: [String] { texts.withLockedValue { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level >= .error else { return }
        texts.withLockedValue { $0.append(event.message.description) }
    }
}
